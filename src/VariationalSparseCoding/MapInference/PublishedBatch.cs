using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.MapInference;

/// <summary>
/// FISTA under <see cref="MapStopRule.Published"/> in float64: from z = A^T x, or from given codes, all samples of the batch together until it hardly changes.
/// The result has the same bits at any number of threads. <see cref="PublishedFista"/> is its fast form in float32 for training.
/// </summary>
internal static class PublishedBatch
{
    /// <summary>Solves for a batch.</summary>
    /// <inheritdoc cref="BlockSolver.Solve"/>
    public static SampleOutcome[] Solve<T>(LassoProblem problem, ReadOnlySpan<T> x, ReadOnlySpan<T> initialCodes, MapOptions options, T[] codes, CancellationToken cancellationToken)
        where T : unmanaged
    {
        var parts = new List<Part>();
        for (int first = 0; first < x.Length; first += SampleBlock.Size * problem.InputSize)
        {
            int count = Math.Min(SampleBlock.Size, (x.Length - first) / problem.InputSize);
            var start = initialCodes.IsEmpty ? [] : initialCodes.Slice(first / problem.InputSize * problem.Atoms, count * problem.Atoms);
            parts.Add(Part.Load(problem, options, x.Slice(first, count * problem.InputSize), start));
        }
        var outcomes = new SampleOutcome[x.Length / problem.InputSize];
        if (parts.TrueForAll(part => part.IsUsable))
        {
            using var team = new ThreadTeam(Math.Clamp(options.EffectiveThreads, 1, Math.Max(1, parts.Count)), () => { });
            var (count, reason) = Iterate(parts, team, options, cancellationToken);
            ForEach(parts, team, part => part.Finish(count, reason, isSinglePrecision: typeof(T) == typeof(float)));
        }
        for (int i = 0; i < parts.Count; i++)
        {
            parts[i].Block.Outcomes.CopyTo(outcomes.AsSpan(i * SampleBlock.Size));
            parts[i].Block.CopyCodes(codes.AsSpan(i * SampleBlock.Size * problem.Atoms, parts[i].Block.Count * problem.Atoms));
        }
        return outcomes;
    }

    private static (int Count, MapStopReason Reason) Iterate(List<Part> parts, ThreadTeam team, MapOptions options, CancellationToken cancellationToken)
    {
        ForEach(parts, team, part => part.Begin());
        var momentum = new FistaMomentum();
        for (int count = 1; count <= options.MaximumIterations; count++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            double weight = momentum.Next(), change = 0, size = 0;
            ForEach(parts, team, part => part.Iterate(weight));
            foreach (var part in parts) (change, size) = (change + part.Change, size + part.Norm);
            // What is not a number is finished too: no iteration makes it one again.
            if (!(Math.Sqrt(change / size) > PublishedFista.Tolerance)) return (count, MapStopReason.RelativeChange);
        }
        return (options.MaximumIterations, MapStopReason.MaximumIterations);
    }

    private static void ForEach(List<Part> parts, ThreadTeam team, Action<Part> body) => team.Run(thread =>
    {
        for (int i = team.Bound(parts.Count, thread); i < team.Bound(parts.Count, thread + 1); i++) body(parts[i]);
    });

    /// <summary>Some samples of the batch.</summary>
    private sealed class Part
    {
        private readonly LassoProblem problem;
        private readonly MapOptions options;
        private readonly AlignedVector states;
        private readonly int[] support;
        private readonly double step;
        private int present;

        private Part(LassoProblem problem, MapOptions options, int samples)
        {
            (this.problem, this.options, step) = (problem, options, 1 / problem.SquaredSpectralNorm);
            Block = new(problem.Packed, samples);
            states = new(samples * ProximalRow<double>.StateVectors * problem.Gram.Stride);
            support = new int[problem.Gram.Stride];
        }

        /// <summary>The samples.</summary>
        public SampleBlock Block { get; }

        /// <summary>Whether all samples can be solved.</summary>
        public bool IsUsable { get; private set; }

        /// <summary>The sum of ||z+ - z||^2 in the last iteration.</summary>
        public double Change { get; private set; }

        /// <summary>The sum of ||z||^2 before the last iteration.</summary>
        public double Norm { get; private set; }

        /// <summary>Takes up samples.</summary>
        public static Part Load<T>(LassoProblem problem, MapOptions options, ReadOnlySpan<T> x, ReadOnlySpan<T> initialCodes) where T : unmanaged
        {
            var part = new Part(problem, options, x.Length / problem.InputSize);
            part.IsUsable = part.Block.Load(x, initialCodes);
            return part;
        }

        public void Begin()
        {
            for (int i = 0; i < Block.Count; i++) Row(i).Begin((Block.HasStart ? Block.Codes(i) : Block.Projections(i)).Span);
        }

        public void Iterate(double momentum)
        {
            (Change, Norm) = (0, 0);
            for (int i = 0; i < Block.Count; i++)
            {
                double change = 0, norm = 0;
                Row(i).Iterate(present, [momentum], new(ref change), new(ref norm));
                (Change, Norm) = (Change + change, Norm + norm);
            }
            present ^= 1;
        }

        public void Finish(int count, MapStopReason reason, bool isSinglePrecision)
        {
            var sample = new LassoSample(problem, options, isSinglePrecision);
            for (int i = 0; i < Block.Count; i++)
            {
                sample.Load(Block, i);
                Row(i).Codes(present).CopyTo(sample.PaddedCodes);
                sample.Certify();
                sample.Iterations = count;
                Block.Finish(i, sample, reason);
            }
        }

        private ProximalRow<double> Row(int i) => new()
        {
            Atoms = problem.Atoms,
            Gram = problem.Gram.Rows,
            Projections = Block.Projections(i).Span,
            State = states.Slice(i * ProximalRow<double>.StateVectors * problem.Gram.Stride, ProximalRow<double>.StateVectors * problem.Gram.Stride).Span,
            Step = step,
            Threshold = options.Lambda * step,
            Support = support,
        };
    }
}
