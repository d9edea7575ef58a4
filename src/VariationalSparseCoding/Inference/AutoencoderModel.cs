using VariationalSparseCoding.Data;
using VariationalSparseCoding.Engine;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.MapInference;
using VariationalSparseCoding.Networks;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Inference;

/// <summary>
/// A sparse autoencoder (docs/mathematics.md section 13). Its code is a function of the sample alone, bit for bit, whatever stands beside it and however many threads there are.
/// Encoding and decoding may run on several threads at once, but not while the model is trained.
/// </summary>
internal sealed class AutoencoderModel : SparseCodingModel
{
    // Rows that one thread encodes at a time: enough for the product's tiles, few enough for the caches.
    private const int BlockRows = 48;

    private readonly TransposedTensor dictionary;
    private readonly RowBlocks<Encoder> blocks;
    private readonly RowBlocks<EntryList> decoding;
    private PackedPanels? packed;
    private LassoProblem? problem;

    /// <summary>Creates a model with all parameters 0.</summary>
    /// <param name="experiment">A valid experiment of an autoencoder.</param>
    /// <param name="preprocessing">What was done to the samples.</param>
    public AutoencoderModel(Experiment experiment, Preprocessing preprocessing) : base(experiment, preprocessing)
    {
        Parameters = new(MethodTable.Find(experiment.Method)!.Gate!.Value, Dimension, Atoms, experiment.Posterior.Threshold);
        dictionary = new("dictionary", Parameters.Atoms);
        State = [dictionary, .. Parameters.All.Select(parameter => new ManagedTensor(parameter.Name, parameter.Value, parameter.Shape))];
        blocks = new(BlockRows, experiment.Compute.Threads, CreateEncoder);
        decoding = new(BlockRows, experiment.Compute.Threads, () => new());
    }

    /// <summary>What is learned.</summary>
    public AutoencoderParameters Parameters { get; }

    public override IReadOnlyList<StateTensor> State { get; }

    public override ReadOnlySpan<float> Offset => Parameters.Offset.All;

    /// <summary>Sets the initial parameters, which depend on the experiment's seed alone: normal atoms of norm 1, and their transpose as the encoder.</summary>
    public void Initialise()
    {
        var drawn = new FloatMatrix(Dimension, Atoms);
        InitialParameters.Dictionary(drawn, 1, Experiment.Seed);
        SetDictionary(drawn.All);
    }

    public override void Changed()
    {
        (packed, problem) = (null, null);
        blocks.Clear();
    }

    public override float[] Dictionary() => dictionary.Values();

    public override double DictionaryNorm() => NormOf(Parameters.Atoms.All);

    /// <summary>Kept until parameters change, so that the code of a single vector does not pay for the Gram matrix.</summary>
    public override LassoProblem Problem()
    {
        lock (State) return problem ??= base.Problem();
    }

    /// <summary>Replaces the dictionary, and lets the encoder begin with it.</summary>
    /// <param name="values">A, row by row, [D, d].</param>
    public override void SetDictionary(ReadOnlySpan<float> values)
    {
        dictionary.Set(values);
        Parameters.TieEncoder();
        Changed();
    }

    public override void Encode(in CodeRequest request, ReadOnlySpan<float> x, int firstRow, Span<float> codes) =>
        blocks.Run(x, Dimension, codes, Atoms, (encoder, samples, _, rows, results) => encoder.Encode(samples, rows, results));

    /// <exception cref="NotSupportedException">Always: there is no posterior.</exception>
    public override void Divergences(ReadOnlySpan<float> x, Span<float> divergences) => throw new NotSupportedException("An autoencoder has no posterior.");

    public override void Probabilities(ReadOnlySpan<float> x, Span<float> probabilities)
    {
        if (!MethodTable.Find(Experiment.Method)!.HasPosteriorGate) base.Probabilities(x, probabilities);
        else blocks.Run(x, Dimension, probabilities, Atoms, (encoder, samples, _, rows, results) => encoder.Probabilities(samples, rows, results));
    }

    /// <summary>A z + c, from the active features of each code.</summary>
    /// <inheritdoc/>
    public override void Decode(ReadOnlySpan<float> codes, Span<float> samples) => decoding.Run(codes, Atoms, samples, Dimension, (active, z, _, rows, x) =>
    {
        for (int row = 0; row < rows; row++)
        {
            active.Clear();
            active.AddNonzero(z.Row(row, Atoms));
            SparseRows.Add(Offset, active.Features, active.Values, 1, Parameters.Atoms.All, x.Row(row, Dimension));
        }
    });

    /// <summary>Does nothing: the memory is managed.</summary>
    public override void Dispose()
    {
    }

    private Encoder CreateEncoder()
    {
        lock (State) return new(Parameters, packed ??= new(Parameters.Encoder.Operand.Transposed, Dimension, Atoms), Experiment);
    }

    /// <summary>Encodes blocks of samples on one thread.</summary>
    private sealed class Encoder
    {
        private readonly AutoencoderParameters parameters;
        private readonly PackedPanels packed;
        private readonly FloatMatrix centred, inputs;
        private readonly EntryList entries = new();
        private readonly Gate? gate;
        private readonly MatchingPursuit? pursuit;
        private readonly bool centres;

        public Encoder(AutoencoderParameters parameters, PackedPanels packed, Experiment experiment)
        {
            (this.parameters, this.packed, centres) = (parameters, packed, experiment.Network.Centred);
            (centred, inputs) = (new(BlockRows, parameters.Atoms.Columns), new(BlockRows, parameters.Atoms.Rows, padded: true));
            if (parameters.PursuitStop is { } stop) pursuit = new(parameters.Atoms, packed, stop.All);
            else gate = Gate.Create(parameters, experiment);
        }

        public void Encode(MatrixOperand x, int rows, MatrixOperand codes)
        {
            Centre(x, rows);
            if (pursuit is not null) pursuit.Encode(centred, inputs, rows, codes);
            else Multiply(rows);
            for (int row = 0; pursuit is null && row < rows; row++) gate!.Encode(inputs[row], entries, codes.Row(row, inputs.Columns));
            GC.KeepAlive(this);
        }

        public void Probabilities(MatrixOperand x, int rows, MatrixOperand probabilities)
        {
            Centre(x, rows);
            Multiply(rows);
            for (int row = 0; row < rows; row++) gate!.Probabilities(inputs[row], entries, probabilities.Row(row, inputs.Columns));
            GC.KeepAlive(this);
        }

        private void Centre(MatrixOperand x, int rows)
        {
            for (int row = 0; row < rows; row++)
            {
                x.Row(row, centred.Columns).CopyTo(centred[row]);
                if (centres) RowKernels.ScaleAndAdd(centred[row], 1, parameters.Offset.All, -1);
            }
        }

        // The product's bits are those of a training step, whatever the number of rows.
        private void Multiply(int rows) => MatrixProduct.Multiply(centred.Operand, packed, inputs.Operand, rows, parameters.Bias.Operand.Repeated);
    }
}
