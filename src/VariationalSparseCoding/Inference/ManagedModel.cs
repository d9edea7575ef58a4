using VariationalSparseCoding.Data;
using VariationalSparseCoding.Engine;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.MapInference;
using VariationalSparseCoding.Networks;
using VariationalSparseCoding.Numerics;
using VariationalSparseCoding.Posteriors;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Inference;

/// <summary>
/// A model with a dictionary, in managed memory. Codes of a sample do not depend on the samples beside it nor on the number of threads.
/// Encoding and decoding may run on several threads at once, but not while the model is trained.
/// </summary>
internal sealed class ManagedModel : SparseCodingModel
{
    // Rows that one thread encodes at a time: enough for the product's tiles, few enough for the caches.
    private const int BlockRows = 48;

    private readonly RowBlocks<RowEncoder> blocks;
    private Packed? packed;
    private LassoProblem? problem;

    /// <summary>Creates a model with the initial parameters of its experiment.</summary>
    /// <param name="experiment">A valid experiment with a linear generator.</param>
    /// <param name="preprocessing">What was done to the samples.</param>
    public ManagedModel(Experiment experiment, Preprocessing preprocessing) : base(experiment, preprocessing)
    {
        blocks = new(BlockRows, experiment.Compute.Threads, CreateEncoder);
        Parameters = new(new(Dimension, Atoms), HasNetwork ? new(experiment.Network.Units(Dimension), Atoms, RowPosterior.HeadsOf(experiment.Posterior)) : null);
        State =
        [
            new ManagedTensor("dictionary", Parameters.Dictionary, Dimension, Atoms),
            .. Parameters.Network?.Parameters.Select(parameter => new ManagedTensor("network." + parameter.Name, parameter.Value, parameter.Shape)) ?? [],
        ];
    }

    /// <summary>What is learned.</summary>
    public LinearParameters Parameters { get; }

    public override IReadOnlyList<StateTensor> State { get; }

    /// <summary>Sets the initial parameters, which depend on the experiment's seed alone.</summary>
    public void Initialise()
    {
        InitialParameters.Dictionary(Parameters.Dictionary, Experiment.Generator.InitialNorm, Experiment.Seed);
        if (Parameters.Network is { } network) InitialParameters.Network(network, Experiment.Posterior, Experiment.Seed);
        Changed();
    }

    public override void Changed()
    {
        (packed, problem) = (null, null);
        blocks.Clear();
    }

    public override float[] Dictionary() => Parameters.Dictionary.All.ToArray();

    public override double DictionaryNorm() => NormOf(Parameters.Dictionary.All);

    /// <summary>Kept until parameters change, so that the code of a single vector does not pay for the Gram matrix.</summary>
    public override LassoProblem Problem()
    {
        lock (State) return problem ??= base.Problem();
    }

    public override void SetDictionary(ReadOnlySpan<float> values)
    {
        values.CopyTo(Parameters.Dictionary.All);
        Changed();
    }

    public override void Encode(in CodeRequest request, ReadOnlySpan<float> x, int firstRow, Span<float> codes)
    {
        if (request.Kind is not (CodeKind.Mean or CodeKind.Mode) && ManagedSupport.MissingOfModel(Experiment) is { } missing)
            throw new InvalidInputException($"codes that are drawn need {missing}, which is computed by the package VariationalSparseCoding.Torch: add it and call TorchEngine.Use(), or ask for the mean, the mode or the optimum");
        var wanted = request;
        blocks.Run(x, Dimension, codes, Atoms, (encoder, samples, first, rows, results) => encoder.Encode(wanted, samples, firstRow + first, rows, results));
    }

    public override void Divergences(ReadOnlySpan<float> x, Span<float> divergences) =>
        blocks.Run(x, Dimension, divergences, Atoms, (encoder, samples, _, rows, results) => encoder.Divergences(samples, rows, results));

    public override void Probabilities(ReadOnlySpan<float> x, Span<float> probabilities)
    {
        if (!HasNetwork) base.Probabilities(x, probabilities);
        else blocks.Run(x, Dimension, probabilities, Atoms, (encoder, samples, _, rows, results) => encoder.Probabilities(samples, rows, results));
    }

    public override unsafe void Decode(ReadOnlySpan<float> codes, Span<float> samples)
    {
        int rows = codes.Length / Atoms;
        fixed (float* codeStart = codes, sampleStart = samples)
        {
            MatrixOperand z = new(codeStart, Atoms), x = new(sampleStart, Dimension), atoms = Parameters.Dictionary.Operand.Transposed;
            ParallelRanges.Run(rows, blocks.Threads(rows), (first, end) => MatrixProduct.Multiply(z.From(first), atoms, x.From(first), end - first, Dimension, Atoms));
        }
        GC.KeepAlive(this);
    }

    /// <summary>Does nothing: the memory is managed.</summary>
    public override void Dispose()
    {
    }

    private RowEncoder CreateEncoder()
    {
        lock (State) return new(Experiment, packed ??= new(Parameters), BlockRows);
    }
}
