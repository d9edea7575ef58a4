using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.MapInference;

/// <summary>
/// FISTA under <see cref="MapStopRule.Published"/> for batches of one size in float32, in buffers that are made once and without a certificate: what
/// <see cref="PublishedBatch"/> does, up to rounding. The result has the same bits at any number of threads.
/// </summary>
/// <remarks>
/// Samples do not know of each other but for the end of the iterations. Each is therefore iterated several times on end, while it is in the processor's first cache;
/// where the batch turns out to have been finished before the last of these iterations, they are made again from the state before them, as many as it takes.
/// </remarks>
internal sealed class PublishedFista
{
    /// <summary>||Z+ - Z||_F over ||Z||_F at which the published code stops.</summary>
    public const double Tolerance = 1e-3;

    private const int MaximumStretch = 6, Panel = MatrixProduct.PanelWidth;
    private readonly ThreadTeam team;
    private readonly int batchSize, inputSize, atoms, stride;
    private readonly SpectralBound bound;
    private readonly FloatMatrix gram, projections;
    // Two states, of which one is iterated while the other keeps what was before.
    private readonly FloatMatrix[] states;
    private readonly int[][] supports;
    private readonly float[] changes, sizes, momenta = new float[MaximumStretch];
    private int before, present;

    /// <summary>Creates the buffers.</summary>
    /// <param name="team">Whose threads work; the caller disposes it.</param>
    /// <param name="batchSize">B.</param>
    /// <param name="inputSize">D.</param>
    /// <param name="atoms">d.</param>
    public PublishedFista(ThreadTeam team, int batchSize, int inputSize, int atoms)
    {
        (this.team, this.batchSize, this.inputSize, this.atoms) = (team, batchSize, inputSize, atoms);
        stride = (atoms + Lanes.Count - 1) / Lanes.Count * Lanes.Count;
        bound = new(atoms);
        (gram, projections) = (new(atoms, stride), new(batchSize, stride));
        states = [new(batchSize, ProximalRow<float>.StateVectors * stride), new(batchSize, ProximalRow<float>.StateVectors * stride)];
        supports = [.. Enumerable.Range(0, team.Size).Select(_ => new int[stride])];
        (changes, sizes) = (new float[batchSize * MaximumStretch], new float[batchSize * MaximumStretch]);
    }

    /// <summary>The codes of the last solve, [B, d].</summary>
    public MatrixOperand Codes => Part(states[before], present, 0);

    /// <summary>The code of a sample in the last solve, [d].</summary>
    /// <param name="sample">Its number.</param>
    public ReadOnlySpan<float> Code(int sample) => states[before][sample].Slice(2 * present * stride, atoms);

    /// <summary>Solves.</summary>
    /// <param name="dictionary">A, [D, d].</param>
    /// <param name="x">Samples, [B, D].</param>
    /// <param name="options">Those of <see cref="MapOptions.PublishedFista"/>, of which lambda and the maximum of iterations count.</param>
    /// <returns>How many iterations were made.</returns>
    public int Solve(MatrixOperand dictionary, MatrixOperand x, MapOptions options)
    {
        team.Run(part => ComputeGram(dictionary, part));
        double step = 1 / bound.Find(gram.All, stride);
        (before, present) = (0, 0);
        team.Run(part => Begin(dictionary, x, part));
        var momentum = new FistaMomentum();
        for (int count = 0; count < options.MaximumIterations;)
        {
            int stretch = Math.Min(MaximumStretch, options.MaximumIterations - count);
            for (int i = 0; i < stretch; i++) momenta[i] = (float)momentum.Next();
            Iterate(stretch, step, options.Lambda * step);
            int needed = Needed(stretch);
            if (needed < stretch) Iterate(needed, step, options.Lambda * step);
            before ^= 1;
            present ^= needed & 1;
            count += needed;
            if (IsFinished(needed - 1)) return count;
        }
        return options.MaximumIterations;
    }

    private MatrixOperand Part(FloatMatrix state, int half, int which) => state.Operand.From(0, (2 * half + which) * stride);

    /// <summary>Some columns of A^T A.</summary>
    private void ComputeGram(MatrixOperand dictionary, int part)
    {
        int panels = (atoms + Panel - 1) / Panel, first = team.Bound(panels, part) * Panel, end = Math.Min(team.Bound(panels, part + 1) * Panel, atoms);
        if (first < end) MatrixProduct.Multiply(dictionary.Transposed, dictionary.From(0, first), gram.Operand.From(0, first), atoms, end - first, inputSize);
    }

    /// <summary>z = A^T x and its correlations, of some samples.</summary>
    private void Begin(MatrixOperand dictionary, MatrixOperand x, int part)
    {
        int first = team.Bound(batchSize, part), count = team.Bound(batchSize, part + 1) - first;
        if (count == 0) return;
        MatrixOperand own = projections.Operand.From(first), codes = Part(states[0], 0, 0).From(first);
        MatrixProduct.Multiply(x.From(first), dictionary, own, count, atoms, inputSize);
        MatrixProduct.Multiply(own, gram.Operand, Part(states[0], 0, 1).From(first), count, atoms, atoms, own, factor: -1);
        for (int row = first; row < first + count; row++)
        {
            var state = states[0][row];
            projections[row].CopyTo(state);
            // Where there is no momentum yet, what was last counts with weight 0, but it must be finite.
            state[..(2 * stride)].CopyTo(state[(2 * stride)..]);
        }
    }

    /// <summary>Some iterations of all samples, from one state into the other.</summary>
    private void Iterate(int count, double step, double threshold) => team.Run(part =>
    {
        for (int row = team.Bound(batchSize, part); row < team.Bound(batchSize, part + 1); row++)
        {
            states[before][row].CopyTo(states[before ^ 1][row]);
            new ProximalRow<float>
            {
                Atoms = atoms,
                Gram = gram.All,
                Projections = projections[row],
                State = states[before ^ 1][row],
                Step = (float)step,
                Threshold = (float)threshold,
                Support = supports[part],
            }.Iterate(present, momenta.AsSpan(0, count), changes.AsSpan(row * MaximumStretch, count), sizes.AsSpan(row * MaximumStretch, count));
        }
    });

    /// <summary>How many of some iterations it took until the batch was finished; all where it was not.</summary>
    private int Needed(int made)
    {
        for (int iteration = 0; iteration < made; iteration++)
            if (IsFinished(iteration)) return iteration + 1;
        return made;
    }

    private bool IsFinished(int iteration)
    {
        double change = 0, size = 0;
        for (int row = 0; row < batchSize; row++) (change, size) = (change + changes[row * MaximumStretch + iteration], size + sizes[row * MaximumStretch + iteration]);
        // What is not a number is finished too: no iteration makes it one again.
        return !(Math.Sqrt(change / size) > Tolerance);
    }
}
