using System.Buffers;
using System.Runtime.CompilerServices;
using VariationalSparseCoding.Data;
using VariationalSparseCoding.Exchange;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Metrics;
using VariationalSparseCoding.Numerics;
using VariationalSparseCoding.Runs;
using VariationalSparseCoding.Serialization;
using VariationalSparseCoding.Training;

namespace VariationalSparseCoding;

/// <summary>
/// A sparse coder of vectors: learns a dictionary A and an inference network from samples x, [N, D], and gives sparse codes z, [N, d], with x = A z;
/// or of whole images, with a convolutional generator in the dictionary's place (<see cref="SparseCoderOptions.Images"/>).
/// Matrices are float arrays, or spans of rows one after the other. <see cref="Encode(ReadOnlySpan{float}, EncodeOptions?, CancellationToken)"/>,
/// <see cref="Decode(ReadOnlySpan{float})"/> and the properties may be used from several threads at once, but not while the coder is trained. <see cref="Dispose"/> lets codes that are being
/// computed come to their end; whoever comes later gets <see cref="ObjectDisposedException"/>.
/// </summary>
public sealed class SparseCoder : IDisposable
{
    /// <summary>How many samples at the start of a stream the standardisation is learned from; they are trained on when they are complete.</summary>
    public const int StandardisationSamples = 1000;

    private readonly SparseCoderOptions options;
    private TrainingState? state;
    private BatchAssembler? batches;
    private StandardisationBuffer? beginning;
    private IReadOnlyList<string> ownNotes = [];
    private bool disposed;

    /// <summary>Creates a coder that has learned nothing yet. Options are checked when the size of the samples is known.</summary>
    /// <param name="options">What to learn; null for the defaults.</param>
    public SparseCoder(SparseCoderOptions? options = null) => this.options = options ?? new();

    private SparseCoder(SparseCoderOptions options, TrainingState state) : this(options) => this.state = state;

    /// <summary>Whether there is a model to encode with.</summary>
    public bool IsFitted => state is not null;

    /// <summary>Values per sample, D.</summary>
    /// <exception cref="InvalidOperationException">Nothing was learned yet.</exception>
    public int Dimension => Model.Preprocessing.Dimension;

    /// <summary>Features of a code, d.</summary>
    /// <exception cref="InvalidOperationException">Nothing was learned yet.</exception>
    public int Atoms => Experiment.Generator.Atoms;

    /// <summary>
    /// The kind of codes that <see cref="Encode(ReadOnlySpan{float}, EncodeOptions?, CancellationToken)"/> gives unless another is asked for; it follows from the method.
    /// <see cref="CodeKind.Encoder"/> for autoencoders, <see cref="CodeKind.Map"/> for other methods with a dictionary, <see cref="CodeKind.ConvergedFista"/> for fista, and <see cref="CodeKind.Mean"/> for images.
    /// </summary>
    /// <exception cref="InvalidOperationException">Nothing was learned yet.</exception>
    public CodeKind DefaultKind => DefaultCode.KindOf(Experiment);

    /// <summary>The full description of the model and its training.</summary>
    /// <exception cref="InvalidOperationException">Nothing was learned yet.</exception>
    public Experiment Experiment => Model.Experiment;

    /// <summary>
    /// What was noticed, in one line each: about the samples when the training began, such as columns that are constant or a unit that does not fit the options; that the training
    /// began to diverge and went on with smaller steps; that <see cref="Fit(ReadOnlyMemory{float}, int, IProgress{StepEvent}?, CancellationToken)"/> has learned nothing; after
    /// <see cref="Load(string)"/>, that the file carries no checksum and could be damaged unnoticed.
    /// </summary>
    public IReadOnlyList<string> Notes => [.. ownNotes, .. state?.Notes ?? []];

    /// <summary>How often the training went back because it began to diverge.</summary>
    internal int BackOffs => state?.Guard?.BackOffs ?? 0;

    /// <summary>A copy of the dictionary A, [D, d], columns are atoms; where samples are standardised, that of the standardised samples.</summary>
    /// <exception cref="InvalidInputException">The model has a convolutional generator and no dictionary.</exception>
    /// <exception cref="InvalidOperationException">Nothing was learned yet.</exception>
    public float[,] Dictionary
    {
        get
        {
            using var use = Use();
            return Matrices.From(use.Model.Dictionary(), use.Model.Atoms);
        }
    }

    /// <summary>The model.</summary>
    /// <exception cref="InvalidOperationException">Nothing was learned yet.</exception>
    internal SparseCodingModel Model
    {
        get
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            return state?.Model ?? throw new InvalidOperationException(beginning is null ? "The coder has learned nothing yet: call Fit, or Load a model."
                : $"The coder has seen {beginning.Count} of the {StandardisationSamples} samples that its standardisation is learned from: go on with PartialFit, or use the values as they are (Normalisation = None).");
        }
    }

    /// <summary>Learns from samples in memory, from the beginning: whatever was learned before is replaced once the training is complete.</summary>
    /// <param name="samples">Samples one after the other, [N, D]; they are not copied and must not change meanwhile.</param>
    /// <param name="dimension">Values per sample, D.</param>
    /// <param name="progress">Is told of every step.</param>
    /// <param name="cancellationToken">Stops after the current step; the coder then is what it was before.</param>
    /// <exception cref="InvalidInputException">A sample or an option cannot be used.</exception>
    /// <exception cref="TrainingDivergedException">The training diverged, also with smaller steps.</exception>
    /// <exception cref="OperationCanceledException">The training was cancelled.</exception>
    public void Fit(ReadOnlyMemory<float> samples, int dimension, IProgress<StepEvent>? progress = null, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        RequireSamples(samples.Span, dimension);
        if (samples.IsEmpty) throw new InvalidInputException("samples: there are none; give at least one row.");
        var (fresh, notes) = Begin(samples.Span, dimension, samples.Length / dimension);
        try
        {
            using var set = new MemorySet(samples, fresh.Model.Preprocessing);
            // Where the dictionary is given and codes are MAP codes, there is nothing to learn but the standardisation.
            if (fresh.Model.HasNetwork || options.Dictionary is null) Trainer(fresh, progress).Run(set, cancellationToken);
            if (LearningCheck.Note(fresh.Model, set, cancellationToken) is { } problem) fresh.Notes.Add(problem);
        }
        catch
        {
            fresh.Dispose();
            throw;
        }
        Forget();
        (state, ownNotes) = (fresh, notes);
    }

    /// <inheritdoc cref="Fit(ReadOnlyMemory{float}, int, IProgress{StepEvent}?, CancellationToken)"/>
    /// <param name="samples">Samples, [N, D].</param>
    /// <param name="progress">Is told of every step.</param>
    /// <param name="cancellationToken">Stops after the current step; the coder then is what it was before.</param>
    public void Fit(float[,] samples, IProgress<StepEvent>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(samples);
        Fit(Matrices.Values(samples).ToArray(), samples.GetLength(1), progress, cancellationToken);
    }

    /// <inheritdoc cref="Fit(float[,], IProgress{StepEvent}?, CancellationToken)"/>
    /// <param name="samples">N samples of D values each.</param>
    /// <param name="progress">Is told of every step.</param>
    /// <param name="cancellationToken">Stops after the current step; the coder then is what it was before.</param>
    public void Fit(float[][] samples, IProgress<StepEvent>? progress = null, CancellationToken cancellationToken = default)
    {
        float[] rows = Matrices.Flatten(samples, nameof(samples), out int dimension);
        if (samples.Length == 0) throw new InvalidInputException("samples: there are none; give at least one row.");
        Fit(rows, dimension, progress, cancellationToken);
    }

    /// <summary>
    /// Goes on learning from the next block of a stream, which may be of any size and is not kept. Samples are grouped into batches of
    /// <see cref="SparseCoderOptions.BatchSize"/> in the order in which they come (shuffle a stream that is sorted); those that do not fill a batch wait
    /// for the next block. Optimiser and schedules continue over calls, after <see cref="Fit(ReadOnlyMemory{float}, int, IProgress{StepEvent}?, CancellationToken)"/>
    /// and after <see cref="Load(string)"/>: the warm-ups end within the first tenth of <see cref="SparseCoderOptions.Epochs"/> times <see cref="SparseCoderOptions.SamplesPerEpoch"/>
    /// samples, and the step sizes fall over all of them and then begin again. The standardisation is that of the first <see cref="StandardisationSamples"/>
    /// samples; until these are there, the coder is not fitted. Where training begins to diverge, it goes back to its last good state, at most a few hundred steps before, and on
    /// with smaller steps (<see cref="Notes"/>); a stream is not read again, so what was learned from the samples of the lost steps is gone.
    /// </summary>
    /// <param name="samples">Samples one after the other, [N, D].</param>
    /// <param name="dimension">Values per sample, D.</param>
    /// <param name="progress">Is told of every step.</param>
    /// <param name="cancellationToken">Stops after the current step; what was learned stays, and the rest of the block is not used.</param>
    /// <exception cref="InvalidInputException">A sample or an option cannot be used; nothing of the block was.</exception>
    /// <exception cref="TrainingDivergedException">The training diverged, also with smaller steps.</exception>
    /// <exception cref="OperationCanceledException">The training was cancelled.</exception>
    public void PartialFit(ReadOnlyMemory<float> samples, int dimension, IProgress<StepEvent>? progress = null, CancellationToken cancellationToken = default) =>
        PartialFit(samples.Span, dimension, progress, cancellationToken);

    /// <inheritdoc cref="PartialFit(ReadOnlyMemory{float}, int, IProgress{StepEvent}?, CancellationToken)"/>
    /// <param name="blocks">Blocks of samples, [N, D] each; the memory of one is not looked at after the next was asked for.</param>
    /// <param name="dimension">Values per sample, D.</param>
    /// <param name="progress">Is told of every step.</param>
    /// <param name="cancellationToken">Stops after the current step; what was learned stays.</param>
    public void PartialFit(IEnumerable<ReadOnlyMemory<float>> blocks, int dimension, IProgress<StepEvent>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(blocks);
        foreach (var block in blocks) PartialFit(block.Span, dimension, progress, cancellationToken);
    }

    /// <inheritdoc cref="PartialFit(IEnumerable{ReadOnlyMemory{float}}, int, IProgress{StepEvent}?, CancellationToken)"/>
    public async Task PartialFitAsync(IAsyncEnumerable<ReadOnlyMemory<float>> blocks, int dimension, IProgress<StepEvent>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(blocks);
        await foreach (var block in blocks.WithCancellation(cancellationToken).ConfigureAwait(false)) PartialFit(block.Span, dimension, progress, cancellationToken);
    }

    /// <summary>The codes of samples. By default nothing is drawn, and equal samples have equal codes: see <see cref="EncodeOptions"/>.</summary>
    /// <param name="samples">Samples one after the other, [N, D], as they were given to the training.</param>
    /// <param name="options">Which codes; null for the defaults.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>Codes one after the other, [N, d].</returns>
    /// <exception cref="InvalidInputException">A sample or an option cannot be used.</exception>
    /// <exception cref="InvalidOperationException">Nothing was learned yet.</exception>
    /// <exception cref="OperationCanceledException">The encoding was cancelled.</exception>
    // So that new() { ... } means options, and not a span of codes.
    [OverloadResolutionPriority(1)]
    public float[] Encode(ReadOnlySpan<float> samples, EncodeOptions? options = null, CancellationToken cancellationToken = default)
    {
        float[] codes = new float[checked(samples.Length / Dimension * Atoms)];
        Encode(samples, codes, options, cancellationToken);
        return codes;
    }

    /// <summary>Computes the codes of samples into memory of the caller's, such as the code of one vector. May be used from several threads at once.</summary>
    /// <param name="samples">Samples one after the other, [N, D], as they were given to the training.</param>
    /// <param name="codes">Receives the codes one after the other, [N, d].</param>
    /// <param name="options">Which codes; null for the defaults.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <exception cref="ArgumentException">There is not room for exactly as many codes as there are samples.</exception>
    /// <exception cref="InvalidInputException">A sample or an option cannot be used.</exception>
    /// <exception cref="InvalidOperationException">Nothing was learned yet.</exception>
    /// <exception cref="ObjectDisposedException">The coder was disposed.</exception>
    /// <exception cref="OperationCanceledException">The encoding was cancelled.</exception>
    public void Encode(ReadOnlySpan<float> samples, Span<float> codes, EncodeOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new();
        options.Validate();
        using var use = Use();
        var model = use.Model;
        RequireSamples(samples, model.Dimension);
        int atoms = model.Atoms, rows = samples.Length / model.Dimension;
        if (codes.Length != (long)rows * atoms) throw new ArgumentException($"There is room for {codes.Length} numbers where the codes of {rows} samples have {(long)rows * atoms}.", nameof(codes));
        float[] results = ArrayPool<float>.Shared.Rent(codes.Length), copy = ArrayPool<float>.Shared.Rent(samples.Length);
        try
        {
            samples.CopyTo(copy);
            using var set = new MemorySet(copy.AsMemory(0, samples.Length), model.Preprocessing);
            new CodeInference(model, AnnealedWeights.Evaluation).Stream(options, set, (firstRow, block) => block.CopyTo(results.AsSpan(firstRow * atoms)), cancellationToken);
            results.AsSpan(0, codes.Length).CopyTo(codes);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(results);
            ArrayPool<float>.Shared.Return(copy);
        }
    }

    /// <inheritdoc cref="Encode(ReadOnlySpan{float}, EncodeOptions?, CancellationToken)"/>
    /// <param name="samples">Samples, [N, D], as they were given to the training.</param>
    /// <param name="options">Which codes; null for the defaults.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>Codes, [N, d].</returns>
    public float[,] Encode(float[,] samples, EncodeOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(samples);
        RequireColumns(samples, Dimension, nameof(samples));
        return Matrices.From(Encode(Matrices.Values(samples), options, cancellationToken), Atoms);
    }

    /// <inheritdoc cref="Encode(ReadOnlySpan{float}, EncodeOptions?, CancellationToken)"/>
    /// <param name="samples">N samples of D values each, as they were given to the training.</param>
    /// <param name="options">Which codes; null for the defaults.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>N codes of d values each.</returns>
    public float[][] Encode(float[][] samples, EncodeOptions? options = null, CancellationToken cancellationToken = default) =>
        Matrices.Rows(Encode(Matrices.Flatten(samples, nameof(samples), Dimension), options, cancellationToken), Atoms);

    /// <summary>
    /// The probability that each feature of a sample is active, as the method's posterior has it (docs/mathematics.md sections 3.7 and 14); 1 everywhere without a threshold. May be used from
    /// several threads at once.
    /// </summary>
    /// <param name="samples">Samples one after the other, [N, D], as they were given to the training.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>Probabilities one sample after the other, [N, d].</returns>
    /// <exception cref="InvalidInputException">A sample cannot be used, or the method has no posterior (fista, and autoencoders but gaussian-gate and laplacian-gate), or a generator of images.</exception>
    /// <exception cref="InvalidOperationException">Nothing was learned yet.</exception>
    /// <exception cref="ObjectDisposedException">The coder was disposed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public float[] ActiveProbabilities(ReadOnlySpan<float> samples, CancellationToken cancellationToken = default)
    {
        using var use = Use();
        var model = use.Model;
        RequireSamples(samples, model.Dimension);
        int atoms = model.Atoms;
        float[] probabilities = new float[checked(samples.Length / model.Dimension * atoms)];
        using var set = new MemorySet(samples.ToArray(), model.Preprocessing);
        new CodeInference(model, AnnealedWeights.Evaluation).Probabilities(set, (firstRow, block) => block.CopyTo(probabilities.AsSpan(firstRow * atoms)), cancellationToken);
        return probabilities;
    }

    /// <summary>Measures how well codes stand for samples, in the terms of sparse autoencoders: held-out samples, such as were not trained on.</summary>
    /// <param name="samples">Samples one after the other, [N, D], as they were given to the training; at least one.</param>
    /// <param name="options">Which codes; null for the defaults.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>The measures, of samples after the standardisation.</returns>
    /// <exception cref="InvalidInputException">A sample or an option cannot be used.</exception>
    /// <exception cref="InvalidOperationException">Nothing was learned yet.</exception>
    /// <exception cref="OperationCanceledException">The encoding was cancelled.</exception>
    public CodeQuality Evaluate(ReadOnlySpan<float> samples, EncodeOptions? options = null, CancellationToken cancellationToken = default)
    {
        float[] codes = Encode(samples, options, cancellationToken);
        if (codes.Length == 0) throw new InvalidInputException("samples: there are none; give at least one row.");
        using var use = Use();
        var model = use.Model;
        float[] originals = samples.ToArray(), decoded = new float[samples.Length];
        model.Preprocessing.Standardise(originals);
        model.Decode(codes, decoded);
        return CodeQuality.Of(originals, decoded, model.Dimension, codes, model.Atoms);
    }

    /// <summary>The samples that codes stand for: A z (of autoencoders A z + c), with the standardisation undone; of a convolutional generator images with values in [0, 1].</summary>
    /// <param name="codes">Codes one after the other, [N, d].</param>
    /// <returns>Samples one after the other, [N, D].</returns>
    /// <exception cref="InvalidInputException">The codes have another size or are not finite.</exception>
    /// <exception cref="InvalidOperationException">Nothing was learned yet.</exception>
    public float[] Decode(ReadOnlySpan<float> codes)
    {
        using var use = Use();
        var model = use.Model;
        MemorySet.Require(codes, model.Atoms, nameof(codes));
        float[] samples = new float[checked(codes.Length / model.Atoms * model.Dimension)];
        CodeDecoding.Decode(model, codes, samples);
        return samples;
    }

    /// <inheritdoc cref="Decode(ReadOnlySpan{float})"/>
    /// <param name="codes">Codes, [N, d].</param>
    /// <returns>Samples, [N, D].</returns>
    public float[,] Decode(float[,] codes)
    {
        ArgumentNullException.ThrowIfNull(codes);
        RequireColumns(codes, Atoms, nameof(codes));
        return Matrices.From(Decode(Matrices.Values(codes)), Dimension);
    }

    /// <inheritdoc cref="Decode(ReadOnlySpan{float})"/>
    /// <param name="codes">N codes of d values each.</param>
    /// <returns>N samples of D values each.</returns>
    public float[][] Decode(float[][] codes) => Matrices.Rows(Decode(Matrices.Flatten(codes, nameof(codes), Atoms)), Dimension);

    /// <summary>
    /// Saves the model and the state of its training as one safetensors file, whole or not at all: the tensors dictionary, [D, d], network.* or, of autoencoders, encoder.* and offset (docs/mathematics.md section 13), momentum.* and what else the training goes on with, and
    /// preprocessing.mean and .deviation, [D], where samples are standardised; the experiment as JSON in the metadata. Samples that wait for their batch are not saved.
    /// </summary>
    /// <param name="path">The file; an earlier one is replaced.</param>
    /// <exception cref="InvalidInputException">The path is a folder.</exception>
    /// <exception cref="InvalidOperationException">Nothing was learned yet.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        _ = Model;
        if (Directory.Exists(path)) throw new InvalidInputException($"{path}: is a folder; name a file, such as {Path.Combine(path, "model.safetensors")}.");
        Checkpoint.Write(path, state!);
    }

    /// <inheritdoc cref="Save(string)"/>
    /// <summary>Saves the model and the state of its training to a stream; see <see cref="Save(string)"/>.</summary>
    /// <param name="stream">Where to; it stays open.</param>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _ = Model;
        Checkpoint.Write(stream, state!);
    }

    /// <summary>Loads a model: one that was saved, a run's checkpoint, or the newest checkpoint of a run's folder. The samples of a run of whole images are rows with values in [0, 1], channel after channel.</summary>
    /// <param name="path">A file or a run's folder.</param>
    /// <exception cref="InvalidInputException">There is no model, or it is damaged.</exception>
    public static SparseCoder Load(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!Directory.Exists(path)) return Load(path, Safetensors.Read(path));
        using var folder = RunFolder.Open(path);
        // No caller would notice that an older model is loaded: a damaged newest one is an error here.
        folder.Notice = problem => throw new InvalidInputException($"{problem} by the commands; load that file to use it here too");
        var (checkpoint, file) = folder.RequireNewestCheckpoint();
        return Load(checkpoint, file);
    }

    /// <summary>Loads a model from a stream that <see cref="Save(Stream)"/> has written.</summary>
    /// <param name="stream">The stream, read from its position on; it stays open.</param>
    /// <exception cref="InvalidInputException">The stream holds no model, or it is damaged.</exception>
    public static SparseCoder Load(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Load("stream", Safetensors.Read(stream, "stream"));
    }

    /// <summary>
    /// Imports a dictionary that another program has trained: SAELens, sparsify, dictionary_learning, Gemma Scope, the SparseAutoEncoder of sentence-transformers, or a matrix of atoms (.npy),
    /// which is recognised by its files. Codes and reconstructions are those of that program; what cannot be represented is refused. The coder encodes, decodes and is saved like any other, but
    /// is not trained further. <see cref="Notes"/> has what a person should know of it.
    /// </summary>
    /// <param name="path">The dictionary's folder, or the file of its weights. Nothing in a pickle is executed.</param>
    /// <param name="format">The name of the format, such as "saelens"; null to recognise it.</param>
    /// <param name="lambda">The weight of the 1-norm in codes by a solver, at least 0; null for what the files say, or else the usual one.</param>
    /// <exception cref="InvalidInputException">There is no dictionary, it is damaged, or its arithmetic cannot be represented.</exception>
    public static SparseCoder Import(string path, string? format = null, double? lambda = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        var imported = Importing.Read(path, format, lambda);
        return Of(imported.State, imported.Notes);
    }

    /// <summary>
    /// Exports the coder for other programs, with the normalisation of samples as part of the weights. "saelens" is a folder that SAELens loads: its architecture topk, jumprelu, standard or
    /// gated where that has the coder's own arithmetic, and else the dictionary alone, for codes by matching pursuit. "safetensors" and "npz" are the same tensors with their settings in one file.
    /// </summary>
    /// <param name="folder">The folder to write; it may not hold such a dictionary yet.</param>
    /// <param name="format">"saelens", "safetensors" or "npz".</param>
    /// <returns>What was written, in one line.</returns>
    /// <exception cref="InvalidInputException">The format is not known, the folder is occupied, or the model has no dictionary.</exception>
    /// <exception cref="InvalidOperationException">Nothing was learned yet.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public string Export(string folder, string format = "saelens")
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(format);
        using var use = Use();
        return Exporting.Write(use.Model, folder, format);
    }

    /// <summary>Frees the model's memory, once no other thread computes codes with it.</summary>
    public void Dispose()
    {
        disposed = true;
        Forget();
    }

    private static SparseCoder Load(string source, SafetensorsFile file)
    {
        return Of(Checkpoint.Load(source, file), file.HasChecksum ? [] : [SafetensorsChecksum.Missing(source)]);
    }

    private static SparseCoder Of(TrainingState state, IReadOnlyList<string> notes)
    {
        var (experiment, preprocessing) = (state.Model.Experiment, state.Model.Preprocessing);
        float[,]? given = state.Model.HasDictionary && experiment.Schedule.DictionaryStep == 0 ? Matrices.From(state.Model.Dictionary(), state.Model.Atoms) : null;
        return new(SparseCoderOptions.Of(experiment, preprocessing.ImageShape, given), state) { ownNotes = notes };
    }

    private static Trainer Trainer(TrainingState state, IProgress<StepEvent>? progress) =>
        new(state, null, progress is null ? [] : [new ProgressObserver(progress)], () => { });

    private void RequireSamples(ReadOnlySpan<float> samples, int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        MemorySet.Require(samples, dimension, nameof(samples));
        if (options.Images is null) return;
        for (int row = 0; row * dimension < samples.Length; row++) Preprocessing.RequireFractions(samples.Slice(row * dimension, dimension), row, nameof(samples));
    }

    private static void RequireColumns(float[,] matrix, int columns, string name)
    {
        if (matrix.GetLength(1) != columns) throw new InvalidInputException($"{name}: rows have {matrix.GetLength(1)} values where the model takes {columns}.");
    }

    /// <summary>A model that has learned nothing but the standardisation, and what was noticed about the samples.</summary>
    /// <param name="samples">The samples that it is learned from.</param>
    /// <param name="dimension">D.</param>
    /// <param name="count">Samples of an epoch; null for a stream.</param>
    private (TrainingState State, IReadOnlyList<string> Notes) Begin(ReadOnlySpan<float> samples, int dimension, int? count)
    {
        var experiment = TrainingRun.Resolve(options.Experiment(dimension, count));
        var statistics = options.Images is null ? new ColumnStatistics(dimension, nameof(samples)) : null;
        statistics?.Add(samples);
        if (options.ChosenNormalisation == Normalisation.Global) statistics?.AddNorms(samples);
        var model = Engines.CreateModel(experiment, statistics?.Preprocessing(options.ChosenNormalisation) ?? Preprocessing.OfImages(options.Images!.Value));
        try
        {
            if (options.Dictionary is not null) model.SetDictionary(Matrices.Values(options.Dictionary));
            var state = new TrainingState(model, experiment.Data.TrainSamples);
            if (statistics is null) return (state, []);
            double? atoms = options.Dictionary is null ? null : Math.Pow(model.DictionaryNorm(), 2) / options.Atoms;
            return (state, [.. statistics.Notes, .. ScaleNote.Of(nameof(samples), experiment, dimension, statistics.MeanSquareAfter(options.ChosenNormalisation), atoms, SparseCoderOptions.OptionOf)]);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Holds the model while it is used; what holds it ends the use.</summary>
    private ModelUse Use()
    {
        while (true)
        {
            _ = Model;
            if (state is { } present && present.TryUse()) return new(present);
        }
    }

    private void PartialFit(ReadOnlySpan<float> samples, int dimension, IProgress<StepEvent>? progress, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        RequireSamples(samples, dimension);
        int known = state?.Model.Preprocessing.Dimension ?? beginning?.Dimension ?? dimension;
        if (known != dimension) throw new InvalidInputException($"samples: rows have {dimension} values where those before had {known}.");
        if (state is null)
        {
            beginning ??= new(dimension, options.ChosenNormalisation != Normalisation.None ? StandardisationSamples : 0);
            samples = beginning.Add(samples);
            if (!beginning.IsComplete) return;
            var first = beginning.Samples;
            (state, ownNotes) = Begin(first, dimension, null);
            beginning = null;
            Train(first, progress, cancellationToken);
        }
        Train(samples, progress, cancellationToken);
    }

    private void Train(ReadOnlySpan<float> samples, IProgress<StepEvent>? progress, CancellationToken cancellationToken)
    {
        batches ??= new(state!.Model.Experiment.Schedule.BatchSize, state.Model.Preprocessing);
        batches.Add(samples, Trainer(state!, progress).Step, cancellationToken);
    }

    private void Forget()
    {
        state?.Dispose();
        (state, batches, beginning) = (null, null, null);
    }

    /// <summary>A model in use.</summary>
    /// <param name="state">What owns it.</param>
    private readonly struct ModelUse(TrainingState state) : IDisposable
    {
        public SparseCodingModel Model => state.Model;

        public void Dispose() => state.Release();
    }
}
