using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Numerics;
using VariationalSparseCoding.Training;

namespace VariationalSparseCoding;

/// <summary>What a <see cref="SparseCoder"/> learns and how long. The defaults are the paper's, carried over to samples of any size and to runs of any length (docs/mathematics.md section 12).</summary>
public sealed record SparseCoderOptions
{
    private const int DefaultAtoms = 256;

    private readonly int? atoms;

    private static readonly (string Setting, string Option)[] OptionOfSetting =
    [
        ("fidelity", nameof(Fidelity)), ("generator.atoms", nameof(Atoms)), ("sampling.draws", nameof(Draws)), ("schedule.epochs", nameof(Epochs)),
        ("schedule.batchSize", nameof(BatchSize)), ("data.trainSamples", nameof(SamplesPerEpoch)), ("objective.klWeight", nameof(KlWeight)),
        ("objective.lambda", nameof(Lambda)), ("sparsity.active", nameof(Active)), ("compute.threads", nameof(Threads)), ("data.normalisation", nameof(Normalisation)),
    ];

    /// <summary>
    /// The preset 'sparse-coding', for samples of any size: a Laplacian posterior whose mean (<see cref="EncodeOptions.Kind"/> = <see cref="CodeKind.Mean"/>) is a code
    /// for 1/2||x - Az||^2 + lambda ||z||_1, dense but small where it is not needed, and a few FISTA steps (<see cref="EncodeOptions.Refine"/>) from it are exactly sparse.
    /// The KL's weight follows lambda (2 lambda b0 / D, b0 the prior's scale), atoms begin with a norm that grows as the root of D, and the KL's warm-up takes the same share
    /// of <see cref="Epochs"/> as in the preset. Adapt it as in <c>SparseCoderOptions.SparseCoding with { Atoms = 512 }</c>.
    /// </summary>
    public static SparseCoderOptions SparseCoding
    {
        get
        {
            var described = Presets.SparseCoding.Resolve();
            return new() { Preset = Presets.SparseCoding, Method = described.Method, Draws = described.Sampling.Draws, Epochs = described.Schedule.Epochs };
        }
    }

    /// <summary>Name of the method, a row of <see cref="MethodTable"/>.</summary>
    public string Method { get; init; } = MethodTable.Default.Name;

    /// <summary>The side taken where paper and published code disagree.</summary>
    public Fidelity Fidelity { get; init; } = Fidelity.Equations;

    /// <summary>
    /// The shape of samples that are whole images with values in [0, 1], channel after channel: 1 or 3 channels of 28 x 28 or 64 x 64 pixels. Generator and inference network are then
    /// the paper's convolutional ones (section 4.2, Tables 4 and 5), and there is no dictionary. Null: samples are vectors.
    /// </summary>
    public ImageShape? Images { get; init; }

    /// <summary>Number of atoms, d, from 1 to 65,536; of latent features where samples are <see cref="Images"/>. Default: the columns of <see cref="Dictionary"/> where that is given, else 256.</summary>
    public int Atoms
    {
        get => atoms ?? Dictionary?.GetLength(1) ?? DefaultAtoms;
        init => atoms = value;
    }

    /// <summary>
    /// Active features of a code, k, of the autoencoders: exactly so many for "topk", and so many on average for the others. From 1 to <see cref="Atoms"/>. Null: 5% of the lesser of D
    /// and d, and at least 1. Other methods take none.
    /// </summary>
    public int? Active { get; init; }

    /// <summary>Codes drawn per sample in training, J, from 1 to 10,000; the best is used (see <see cref="Experiments.DrawSelection"/>). Ignored by the method "fista" and the autoencoders, which draw none.</summary>
    public int Draws { get; init; } = 20;

    /// <summary>Passes over the samples. For a stream: epochs of <see cref="SamplesPerEpoch"/> after which the step sizes begin a new cycle.</summary>
    public int Epochs { get; init; } = 30;

    /// <summary>Samples per training step, B; all of them where there are fewer. In each epoch a last batch that is not full is left out.</summary>
    public int BatchSize { get; init; } = 100;

    /// <summary>How many samples of a stream count as an epoch, at least 1. <see cref="SparseCoder.Fit(ReadOnlyMemory{float}, int, IProgress{StepEvent}, CancellationToken)"/> counts its samples instead.</summary>
    public int SamplesPerEpoch { get; init; } = 20_000;

    /// <summary>Seed of every random number. Equal seeds and threads give equal models.</summary>
    public ulong Seed { get; init; }

    /// <summary>Threads of the tensor library, which belong to the process; 0 takes one per core. They are set when training begins.</summary>
    public int Threads { get; init; }

    /// <summary>
    /// What is done to samples before encoding, and back after decoding. <see cref="Experiments.Normalisation.Column"/> standardises each value by its mean and standard deviation, so that
    /// nothing depends on its unit; one that is constant is left out of the codes and decoded as its mean. <see cref="Experiments.Normalisation.Global"/> centres and divides all values by
    /// one number, as is usual for activations of networks. Null: column, unless a <see cref="Dictionary"/> is given or samples are <see cref="Images"/>, which are used as they are.
    /// </summary>
    public Normalisation? Normalisation { get; init; }

    /// <summary>
    /// A known dictionary, [D, d], columns are atoms: it stays as it is and only the inference network is trained. Null: the dictionary is learned.
    /// Where samples are normalised, it is that of the normalised samples.
    /// </summary>
    public float[,]? Dictionary { get; init; }

    /// <summary>Weight beta of the KL beside the squared error's mean over the D values; at least 0. Null: the paper's 0.01 up to its 256 values, and 2.56 / D beyond; of <see cref="Images"/> 7.84 / D, its 0.01 for Fashion-MNIST; under <see cref="SparseCoding"/> what follows from lambda.</summary>
    public double? KlWeight { get; init; }

    /// <summary>Weight lambda of the 1-norm in MAP inference and in refined codes; at least 0. Null: 20 D / 256 up to the paper's 256 values, and its 20 beyond; under <see cref="SparseCoding"/> 20 D / 256.</summary>
    public double? Lambda { get; init; }

    /// <summary>Changes any other setting of the experiment that these options describe, as in <c>e =&gt; e with { Posterior = e.Posterior with { PriorSpread = 1 } }</c>.</summary>
    public Func<Experiment, Experiment>? Configure { get; init; }

    /// <summary>What the settings are based on in place of the method's defaults; null for these.</summary>
    internal Preset? Preset { get; init; }

    /// <summary>The options under which a model was trained.</summary>
    internal static SparseCoderOptions Of(Experiment experiment, ImageShape? images, float[,]? dictionary) => new()
    {
        Images = images,
        Method = experiment.Method,
        Fidelity = experiment.Fidelity,
        Atoms = experiment.Generator.Atoms,
        Draws = experiment.Sampling.Draws,
        Epochs = experiment.Schedule.Epochs,
        BatchSize = experiment.Schedule.BatchSize,
        Seed = experiment.Seed,
        Threads = experiment.Compute.Threads,
        Active = MethodTable.Find(experiment.Method)!.Gate is null ? null : experiment.Sparsity.Active,
        Normalisation = experiment.Data.Normalisation,
        Dictionary = dictionary,
        Configure = fresh => experiment with { Data = fresh.Data, Schedule = experiment.Schedule with { BatchSize = fresh.Schedule.BatchSize } },
    };

    internal Normalisation ChosenNormalisation => Normalisation ?? (Dictionary is null && Images is null ? Experiments.Normalisation.Column : Experiments.Normalisation.None);

    /// <summary>The experiment for samples of a size.</summary>
    /// <param name="dimension">D.</param>
    /// <param name="samples">Samples of an epoch; null for a stream.</param>
    /// <exception cref="InvalidInputException">An option is out of range; the message lists all that are.</exception>
    internal Experiment Experiment(int dimension, int? samples)
    {
        ArgumentNullException.ThrowIfNull(Method);
        var method = MethodTable.Find(Method) ?? throw new InvalidInputException($"Method: unknown method '{Method}'{Spelling.Suggestion(Method, MethodTable.All.Select(m => m.Name))}");
        if (!Enum.IsDefined(Fidelity)) throw new InvalidInputException($"Fidelity: must be one of {string.Join(", ", Enum.GetNames<Fidelity>())}, not {Fidelity}");
        if (Active is { } active && method.Gate is null)
            throw new InvalidInputException($"Active: {active} active features are asked for, which method '{Method}' cannot hold; leave out Active, or take an autoencoder, such as 'topk'");
        if (Active < 1) throw new InvalidInputException($"Active: must be at least 1, not {Active}");
        if (Images is { } shape) RequireImages(shape, dimension);
        else if (Dictionary is not null) RequireDictionary(Dictionary, dimension, Atoms);
        int epoch = samples ?? SamplesPerEpoch, batchSize = Math.Min(BatchSize, Math.Max(1, epoch));
        // What a run of vectors is based on, too, where nothing else is said.
        var preset = Preset ?? (Images is null ? Presets.Quick : null);
        var basis = preset?.Resolve(Method, Fidelity) ?? method.Defaults(Fidelity, GeneratorKind.Convolutional);
        var wanted = basis with
        {
            Description = "",
            Seed = Seed,
            Data = new() { Source = DataOptions.Memory, TrainSamples = epoch, ValidationSamples = 0, Normalisation = ChosenNormalisation },
            Sampling = basis.Sampling with { Draws = Draws },
            Sparsity = basis.Sparsity with { Active = Active ?? basis.Sparsity.Active },
            Objective = basis.Objective with { KlWeight = KlWeight ?? basis.Objective.KlWeight, Lambda = Lambda ?? basis.Objective.Lambda },
            Generator = basis.Generator with { Atoms = Atoms },
            Schedule = basis.Schedule with { Epochs = Epochs, BatchSize = batchSize, DictionaryStep = Dictionary is null ? basis.Schedule.DictionaryStep : 0 },
            Compute = basis.Compute with { Threads = Threads },
        };
        var described = new DerivedSettings(wanted, IsGiven).From(preset, dimension);
        var experiment = Configure is null ? described : Configure(described) ?? throw new InvalidInputException("Configure: it returned null; return the experiment that it was given, changed or not.");
        var errors = experiment.Validate();
        if (errors.Count == 0) return experiment;
        // What these options describe is named as they are, and what Configure adds as the experiment's own settings.
        var own = described.Validate();
        throw new InvalidInputException(string.Join("; ", errors.Select(error => own.Contains(error) ? OfOption(error) : error)));
    }

    /// <summary>Returns the option that sets a key of the experiment; the key itself where only <see cref="Configure"/> reaches it.</summary>
    /// <param name="key">The key, such as "objective.lambda".</param>
    internal static string OptionOf(string key) => OptionOfSetting.FirstOrDefault(names => names.Setting == key).Option ?? key;

    /// <summary>An error of the experiment, with the option in place of the setting that it became.</summary>
    private static string OfOption(string error)
    {
        var (setting, option) = OptionOfSetting.FirstOrDefault(names => error.StartsWith(names.Setting, StringComparison.Ordinal) && error[names.Setting.Length] is ':' or ' ');
        return setting is null ? error : option + error[setting.Length..];
    }

    /// <summary>Whether an option sets a key of the experiment that otherwise follows from the samples.</summary>
    private bool IsGiven(string key) => key switch
    {
        "objective.klWeight" => KlWeight is not null,
        "objective.lambda" => Lambda is not null,
        _ => false,
    };

    private void RequireImages(ImageShape shape, int dimension)
    {
        if (shape is not ({ Height: 28, Width: 28 } or { Height: 64, Width: 64 }))
            throw new InvalidInputException($"Images: the convolutional generator is made for images of 28 x 28 or 64 x 64 pixels, not {shape.Height} x {shape.Width}; bring the images to one of these sizes");
        if (shape.Channels is not (1 or 3)) throw new InvalidInputException($"Images: they have {shape.Channels} channels; give 1 (grey) or 3 (red, green, blue)");
        if (shape.Size != dimension) throw new InvalidInputException($"Images: of {shape.Channels} x {shape.Height} x {shape.Width} they have {shape.Size} values where samples have {dimension}; give an image in each row");
        if (Dictionary is not null || Preset is not null) throw new InvalidInputException("Images: a convolutional generator has no dictionary; leave out Images, or Dictionary and the options SparseCoding");
        if (ChosenNormalisation != Experiments.Normalisation.None) throw new InvalidInputException("Images: whole images are used in [0, 1]; leave out Normalisation");
    }

    private static void RequireDictionary(float[,] dictionary, int dimension, int atoms)
    {
        if (dictionary.GetLength(0) != dimension)
            throw new InvalidInputException($"Dictionary: it has {dictionary.GetLength(0)} rows where samples have {dimension} values; give a row for each value, and a column for each atom");
        if (dictionary.GetLength(1) != atoms)
            throw new InvalidInputException($"Atoms: {atoms} are asked for where the dictionary has {dictionary.GetLength(1)} columns; leave out Atoms");
        MemorySet.Require(Matrices.Values(dictionary), dictionary.GetLength(1), nameof(Dictionary));
    }
}
