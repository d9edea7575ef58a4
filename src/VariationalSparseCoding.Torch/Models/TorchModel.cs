using TorchSharp;
using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Posteriors;
using VariationalSparseCoding.Random;
using VariationalSparseCoding.Serialization;
using VariationalSparseCoding.Torch.Networks;
using VariationalSparseCoding.Torch.Objectives;
using VariationalSparseCoding.Torch.Posteriors;
using VariationalSparseCoding.Torch.Priors;
using VariationalSparseCoding.Torch.Tensors;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Torch.Models;

/// <summary>A model of tensors: every inference network, generator, posterior and prior there is, in float32 or float64, on the processor or on a GPU.</summary>
internal sealed class TorchModel : SparseCodingModel
{
    // Numbers of the largest tensor of an encoding.
    private const int LargestTensor = 1 << 23, MostRows = 1000;

    /// <summary>Creates a model with the initial parameters of its experiment.</summary>
    /// <param name="experiment">A valid experiment with an inference network.</param>
    /// <param name="preprocessing">What was done to the samples.</param>
    /// <param name="type">float32, or float64 for tests.</param>
    public TorchModel(Experiment experiment, Preprocessing preprocessing, ScalarType type = ScalarType.Float32) : base(experiment, preprocessing)
    {
        if (!HasNetwork) throw new ArgumentException("MAP inference needs no tensors.", nameof(experiment));
        Device = experiment.Compute.Device == ComputeDevice.Cuda ? CUDA : CPU;
        int inputSize = preprocessing.Dimension, atoms = experiment.Generator.Atoms;
        using var scope = NewDisposeScope();
        Generator = experiment.Generator.Kind == GeneratorKind.Linear
            ? new LinearGenerator(Initialisation.Dictionary(inputSize, atoms, experiment.Generator.InitialNorm, experiment.Seed, type).to(Device))
            : new ConvolutionalGenerator(preprocessing.ImageShape ?? throw NoImages(preprocessing), atoms, experiment.Seed, type, experiment.Compute.Precision);
        Posterior = Posterior.Create(experiment.Posterior);
        Noise = new(Posterior, experiment.Posterior, experiment.Prior.Kind == PriorKind.Clf ? experiment.Prior.Components : 0);
        Network = new InferenceNetwork(Body(), atoms, Posterior.Heads, experiment.Seed);
        if (experiment.Posterior.InitialHeads == InitialHeads.Prior) Initialisation.HeadsNear(Network, Posterior.FixedPrior);
        Prior = Prior.Create(experiment, Posterior, Network, Body, inputSize, type);
        Train(false);
        if (Device.type != DeviceType.CPU)
        {
            Network.to(Device);
            Generator.To(Device);
            Prior.To(Device);
        }
        State = [.. TensorState.Of([.. Parameters, .. Buffers])];

        Backbone Body() => Backbone.Create(experiment.Network, inputSize, preprocessing.ImageShape, type, experiment.Compute.Precision);
    }

    /// <summary>Where the parameters live.</summary>
    public Device Device { get; }

    /// <summary>The inference network.</summary>
    public InferenceNetwork Network { get; }

    /// <summary>The variational family.</summary>
    public Posterior Posterior { get; }

    /// <summary>The prior of the codes.</summary>
    public Prior Prior { get; }

    /// <summary>The source of the posterior's noise.</summary>
    public NoiseSource Noise { get; }

    /// <summary>The map from codes to samples.</summary>
    public Networks.Generator Generator { get; }

    /// <summary>The generator as a dictionary.</summary>
    /// <exception cref="InvalidInputException">The generator is not linear.</exception>
    public LinearGenerator Linear => Generator as LinearGenerator ?? throw NoDictionary(Experiment);

    /// <summary>Every parameter by its name, in the order of creation; the tensors are the model's own.</summary>
    public IReadOnlyList<(string Name, Tensor Value)> Parameters =>
        [.. Generator.Parameters, .. Network.named_parameters().Select(p => ("network." + p.name, (Tensor)p.parameter)), .. Prior.Parameters];

    /// <summary>Running statistics of batch normalisation by their names; the tensors are the model's own.</summary>
    public IReadOnlyList<(string Name, Tensor Value)> Buffers =>
        [.. Generator.Buffers, .. Network.RunningStatistics().Select(b => ("network." + b.Name, b.Value)), .. Prior.Buffers];

    public override IReadOnlyList<StateTensor> State { get; }

    /// <summary>Sets whether batch normalisation takes the statistics of its batch and learns the running ones; a new model does not.</summary>
    /// <param name="isTraining">Whether it does.</param>
    public void Train(bool isTraining)
    {
        Network.train(isTraining);
        Generator.Train(isTraining);
        Prior.Train(isTraining);
    }

    public override float[] Dictionary()
    {
        using var dictionary = Linear.Dictionary.to(ScalarType.Float32, CPU, copy: true);
        return dictionary.Span<float>().ToArray();
    }

    public override double DictionaryNorm()
    {
        using var dictionary = Linear.Dictionary.to(ScalarType.Float32, CPU, copy: true);
        return NormOf(dictionary.Span<float>());
    }

    public override void SetDictionary(ReadOnlySpan<float> values) => Linear.Set(values);

    public override void Encode(in CodeRequest request, ReadOnlySpan<float> x, int firstRow, Span<float> codes)
    {
        var wanted = request;
        if (wanted.Kind is CodeKind.Mean or CodeKind.Mode && IsVectorModel)
        {
            using var managed = Managed();
            managed.Encode(wanted, x, firstRow, codes);
            return;
        }
        OverBatches(x, codes, wanted.Kind is CodeKind.Mean or CodeKind.Mode ? 1 : wanted.Draws, (batch, first) =>
        {
            var heads = Network.forward(batch);
            return wanted.Kind switch
            {
                CodeKind.Mean => Posterior.Mean(heads),
                CodeKind.Mode => Posterior.Mode(heads),
                _ => Selected(wanted, batch, heads, firstRow + first),
            };
        });
    }

    public override void Divergences(ReadOnlySpan<float> x, Span<float> divergences) =>
        OverBatches(x, divergences, 1, (batch, _) => Posterior.KullbackLeibler(Network.forward(batch)));

    public override void Decode(ReadOnlySpan<float> codes, Span<float> samples)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var decoded = Generator.Decode(Batch(codes, Atoms));
        decoded.to(ScalarType.Float32, CPU).contiguous().Span<float>().CopyTo(samples);
    }

    /// <summary>A copy of rows as a tensor on the model's device.</summary>
    /// <param name="rows">The rows, one after the other.</param>
    /// <param name="columns">Values of a row.</param>
    public Tensor Batch(ReadOnlySpan<float> rows, int columns)
    {
        var batch = empty([rows.Length / columns, columns], ScalarType.Float32);
        rows.CopyTo(batch.Span<float>());
        return batch.to(Generator.Parameters.First().Value.dtype, Device);
    }

    public override void Dispose()
    {
        Prior.Dispose();
        Network.Dispose();
        Generator.Dispose();
    }

    // In float32 on the processor, as the managed engine has it; float64 is for tests against it.
    private bool IsVectorModel => HasDictionary && Device.type == DeviceType.CPU && Experiment.Network.Backbone == BackboneKind.Mlp && Linear.Dictionary.dtype == ScalarType.Float32;

    /// <summary>Returns a copy in managed memory, whose codes do not depend on the rows beside them, as those of a matrix product of the tensor library do.</summary>
    private ManagedModel Managed()
    {
        var copy = new ManagedModel(Experiment, Preprocessing);
        copy.TakeParameters(this);
        return copy;
    }

    private void OverBatches(ReadOnlySpan<float> x, Span<float> results, int draws, Func<Tensor, int, Tensor> infer)
    {
        using var _ = no_grad();
        int rows = x.Length / Dimension, batchSize = Math.Clamp(LargestTensor / (draws * Math.Max(Atoms, Dimension)), 1, MostRows);
        for (int first = 0; first < rows; first += batchSize)
        {
            using var scope = NewDisposeScope();
            int count = Math.Min(batchSize, rows - first);
            infer(Batch(x.Slice(first * Dimension, count * Dimension), Dimension), first).to(ScalarType.Float32, CPU).contiguous().Span<float>().CopyTo(results[(first * Atoms)..]);
        }
    }

    private Tensor Selected(CodeRequest request, Tensor batch, HeadTensors heads, int firstRow)
    {
        int draws = request.Kind == CodeKind.SingleDraw ? 1 : request.Draws;
        var noise = Noise.Draw(request.Key, firstRow, heads, draws);
        var codes = Posterior.Sample(heads, noise, request.Anneal);
        if (draws == 1 || Experiment.Sampling.Selection == DrawSelection.Average) return codes.select(1, 0);
        var losses = TrainingObjective.Scores(this, Prior.For(batch, noise, request.Anneal), batch, heads, noise, request.Anneal, codes);
        var chosen = Experiment.Sampling.Selection == DrawSelection.Max ? Selection.Best(losses) : Categorical(request, losses, firstRow);
        return codes.OfEach(chosen);
    }

    /// <summary>A draw of each input chosen with its weight as probability, [B].</summary>
    private Tensor Categorical(CodeRequest request, Tensor losses, int firstRow)
    {
        int rows = (int)losses.shape[0];
        var uniform = TensorMemory.Filled([rows, 1], losses.dtype, losses.device,
            span => CounterNoise.FillUniform(request.Key, NoiseStreams.Choice, firstRow, rows, 1, 1, span),
            span => CounterNoise.FillUniform(request.Key, NoiseStreams.Choice, firstRow, rows, 1, 1, span));
        var cumulative = TrainingObjective.Weights(Experiment, losses, request.Anneal).cumsum(1);
        return (cumulative < uniform).sum(1).clamp(max: (losses.shape[1] - 1).Number());
    }

    private static InvalidInputException NoImages(Preprocessing preprocessing) =>
        new($"generator.kind: 'convolutional' makes images, and the samples are {(preprocessing.Kind == SampleKind.Vectors ? "vectors" : "patches")} of {preprocessing.Dimension} values; "
            + "use images of 28 x 28 or 64 x 64 (data.source 'fashion-mnist' or 'celeba', or a folder with data.imageSize), or the generator 'linear'");
}
