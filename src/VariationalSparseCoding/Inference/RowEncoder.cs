using VariationalSparseCoding.Engine;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Networks;
using VariationalSparseCoding.Posteriors;
using VariationalSparseCoding.Random;

namespace VariationalSparseCoding.Inference;

/// <summary>The parameters of a model in the order in which encoding reads them; shared by all threads.</summary>
internal sealed class Packed
{
    /// <summary>Copies the parameters.</summary>
    /// <param name="parameters">The parameters of a model with an inference network.</param>
    public Packed(LinearParameters parameters)
    {
        Network = new(parameters.Network!);
        Atoms = new(parameters.Dictionary.Columns, parameters.Dictionary.Rows);
        Atoms.CopyTransposed(parameters.Dictionary, 0, Atoms.Rows);
    }

    /// <summary>The inference network.</summary>
    public PackedNetwork Network { get; }

    /// <summary>The transposed dictionary, [d, D].</summary>
    public FloatMatrix Atoms { get; }
}

/// <summary>Encodes blocks of samples on one thread.</summary>
/// <param name="experiment">The model's experiment.</param>
/// <param name="packed">Its parameters.</param>
/// <param name="blockRows">The most samples of a block.</param>
internal sealed class RowEncoder(Experiment experiment, Packed packed, int blockRows)
{
    private readonly PackedNetwork.Workspace workspace = packed.Network.CreateWorkspace(blockRows);
    private RowPosterior? posterior;
    private DrawScreening? screening;
    private int screenedDraws;

    /// <summary>Computes the codes of a block.</summary>
    /// <param name="request">Which codes.</param>
    /// <param name="x">The samples, [rows, D].</param>
    /// <param name="firstRow">The row of the first sample's noise.</param>
    /// <param name="rows">How many samples there are.</param>
    /// <param name="codes">Receives z, [rows, d].</param>
    public void Encode(in CodeRequest request, MatrixOperand x, int firstRow, int rows, MatrixOperand codes)
    {
        packed.Network.Forward(x, rows, workspace);
        // Without a best draw, the first stands for all.
        bool chooses = request.Draws > 1 && experiment.Sampling.Selection != DrawSelection.Average && request.Kind == CodeKind.AsTrained;
        var family = Posterior(chooses ? request.Draws : 1);
        if (request.Kind is not (CodeKind.Mean or CodeKind.Mode)) family.Begin(request.Key, request.Anneal);
        for (int row = 0; row < rows; row++)
        {
            var heads = workspace.Outputs.Row(row);
            var code = codes.Row(row, packed.Atoms.Rows);
            if (request.Kind == CodeKind.Mean) family.Mean(heads, code);
            else if (request.Kind == CodeKind.Mode) family.Mode(heads, code);
            else
            {
                family.Prepare(0, (uint)(firstRow + row), heads);
                int chosen = chooses ? Choose(request, family, x, row, firstRow + row) : 0;
                family.Draw(0, chosen, 0, heads, code);
            }
        }
        GC.KeepAlive(this);
    }

    /// <summary>Computes the KL of each latent feature of a block.</summary>
    /// <param name="x">The samples, [rows, D].</param>
    /// <param name="rows">How many samples there are.</param>
    /// <param name="divergences">Receives the KL, [rows, d].</param>
    public void Divergences(MatrixOperand x, int rows, MatrixOperand divergences)
    {
        packed.Network.Forward(x, rows, workspace);
        var family = Posterior(1);
        for (int row = 0; row < rows; row++) family.Divergences(workspace.Outputs.Row(row), divergences.Row(row, packed.Atoms.Rows));
        GC.KeepAlive(this);
    }

    /// <summary>Computes the probability that each feature of a block is active.</summary>
    /// <param name="x">The samples, [rows, D].</param>
    /// <param name="rows">How many samples there are.</param>
    /// <param name="probabilities">Receives them, [rows, d].</param>
    public void Probabilities(MatrixOperand x, int rows, MatrixOperand probabilities)
    {
        packed.Network.Forward(x, rows, workspace);
        var family = Posterior(1);
        for (int row = 0; row < rows; row++) family.OnProbability(workspace.Outputs.Row(row), probabilities.Row(row, packed.Atoms.Rows));
        GC.KeepAlive(this);
    }

    private RowPosterior Posterior(int draws)
    {
        if (posterior is not null && (draws == 1 || draws == screenedDraws)) return posterior;
        (int features, int inputSize) = (packed.Atoms.Rows, packed.Atoms.Columns);
        screening = draws > 1 ? new(experiment.Posterior, features, inputSize, draws, inputs: 1) : null;
        screenedDraws = draws;
        return posterior = PosteriorTable.Create(experiment.Posterior, features, slots: 1, screening?.Lines ?? 1);
    }

    private int Choose(in CodeRequest request, RowPosterior family, MatrixOperand x, int row, int noiseRow)
    {
        if (experiment.Sampling.Selection == DrawSelection.Max)
        {
            Span<int> best = stackalloc int[1];
            screening!.Choose(family, x, workspace.Outputs, row, packed.Atoms, best);
            return best[0];
        }
        var squares = screening!.SquaredErrors(family, x, workspace.Outputs, row, 1, packed.Atoms);
        float[] errors = new float[squares.Length], weights = new float[squares.Length], uniform = new float[1];
        for (int i = 0; i < errors.Length; i++) errors[i] = squares[i] / packed.Atoms.Columns;
        RowKernels.SoftmaxOfNegatives(errors, weights);
        CounterNoise.FillUniform<float>(request.Key, NoiseStreams.Choice, noiseRow, 1, 1, 1, uniform);
        float cumulative = 0;
        int chosen = 0;
        for (; chosen < weights.Length - 1; chosen++)
            if ((cumulative += weights[chosen]) >= uniform[0]) break;
        return chosen;
    }
}
