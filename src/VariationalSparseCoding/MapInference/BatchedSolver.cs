using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Networks;
using static TorchSharp.torch;

namespace VariationalSparseCoding.MapInference;

/// <summary>A solver that iterates on a whole batch at once, on any device. Samples leave the batch when they are finished.</summary>
internal abstract class BatchedSolver : IMapSolver
{
    // A look at the gap costs about as much as four float32 iterations.
    private const int CheckInterval = 10;

    /// <summary>||Z+ - Z||_F over ||Z||_F at which the published code stops.</summary>
    public const double PublishedTolerance = 1e-3;

    /// <inheritdoc/>
    public MapResult Solve(LassoProblem problem, Tensor x, MapOptions options, Tensor? initialCodes = null)
    {
        options.Validate();
        problem.CheckInput(x, initialCodes);
        using var scope = NewDisposeScope();
        using var gradientOff = no_grad();
        var batch = new Batch(x, zeros([x.shape[0], problem.Atoms], x.dtype, x.device));
        var iteration = Start(problem, x, options, initialCodes);
        if (options.StopRule == MapStopRule.Published) RunPublished(batch, iteration, options);
        else RunToGap(problem, batch, iteration, options);

        var (objective, gap) = LassoCertificate.Evaluate(problem, x, batch.Codes, options.Lambda);
        return new(batch.Codes.MoveToOuterDisposeScope(), Values(objective), Values(gap), batch.Iterations, batch.Reasons);
    }

    /// <summary>Codes after some iterations of every sample, without the objective and gap of <see cref="Solve"/>, which cost about as much as four iterations.</summary>
    /// <param name="problem">The dictionary.</param>
    /// <param name="x">Samples, [B, D].</param>
    /// <param name="lambda">The weight of the L1 norm.</param>
    /// <param name="iterations">How many, at least 0.</param>
    /// <param name="initialCodes">Codes to start from, [B, d]; null for the method's own start.</param>
    /// <returns>Codes, [B, d]: those of <see cref="Solve"/> under <see cref="MapOptions.Steps"/>.</returns>
    public Tensor Iterate(LassoProblem problem, Tensor x, double lambda, int iterations, Tensor? initialCodes = null)
    {
        var options = MapOptions.Steps(lambda, iterations);
        options.Validate();
        problem.CheckInput(x, initialCodes);
        using var scope = NewDisposeScope();
        using var gradientOff = no_grad();
        var iteration = Start(problem, x, options, initialCodes);
        for (int count = 0; count < iterations; count++) iteration.Advance();
        return iteration.Codes.MoveToOuterDisposeScope();
    }

    /// <summary>The method before its first iteration.</summary>
    protected abstract BatchIteration Start(LassoProblem problem, Tensor x, MapOptions options, Tensor? initialCodes);

    private static double[] Values(Tensor tensor) => tensor.cpu().data<double>().ToArray();

    private static void RunToGap(LassoProblem problem, Batch batch, BatchIteration iteration, MapOptions options)
    {
        for (int count = 0; batch.Remaining.numel() > 0; count++)
        {
            bool last = count == options.MaximumIterations;
            if (options.RelativeGapTolerance > 0 && (last || count % CheckInterval == 0)) batch.FinishConverged(problem, iteration, count, options);
            if (last)
            {
                batch.FinishAll(iteration, count, MapStopReason.MaximumIterations);
                return;
            }
            iteration.Advance();
        }
    }

    private static void RunPublished(Batch batch, BatchIteration iteration, MapOptions options)
    {
        for (int count = 1; count <= options.MaximumIterations; count++)
        {
            using var before = iteration.Codes.alias();
            iteration.Advance();
            if (RelativeChange(before, iteration.Codes) > PublishedTolerance) continue;
            batch.FinishAll(iteration, count, MapStopReason.RelativeChange);
            return;
        }
        batch.FinishAll(iteration, options.MaximumIterations, MapStopReason.MaximumIterations);
    }

    /// <summary>Whether codes are float32 on the processor, for which there are kernels.</summary>
    protected static bool IsForKernels(Tensor codes) => codes.device_type == TorchSharp.DeviceType.CPU && codes.dtype == ScalarType.Float32;

    private static double RelativeChange(Tensor before, Tensor after)
    {
        if (IsForKernels(after)) return ProximalKernels.RelativeChange(before.Span<float>(), after.Span<float>());
        using var scope = NewDisposeScope();
        return ((after - before).norm() / before.norm()).to(float64).item<double>();
    }

    private sealed class Batch(Tensor x, Tensor codes)
    {
        public Tensor Codes { get; } = codes;

        public int[] Iterations { get; } = new int[x.shape[0]];

        public MapStopReason[] Reasons { get; } = new MapStopReason[x.shape[0]];

        /// <summary>The indices of the samples still worked on, and these samples.</summary>
        public Tensor Remaining { get; private set; } = arange(x.shape[0], int64, x.device);

        public Tensor Samples { get; private set; } = x;

        public void FinishAll(BatchIteration iteration, int count, MapStopReason reason)
        {
            using var everything = ones(Remaining.shape[0], @bool, Remaining.device);
            Finish(iteration, everything, count, reason);
        }

        public void FinishConverged(LassoProblem problem, BatchIteration iteration, int count, MapOptions options)
        {
            using var converged = Converged(problem, iteration.Codes, options);
            if (converged.any().item<bool>()) Finish(iteration, converged, count, MapStopReason.Converged);
        }

        private Tensor Converged(LassoProblem problem, Tensor present, MapOptions options)
        {
            using var scope = NewDisposeScope();
            var (objective, gap) = LassoCertificate.Evaluate(problem, Samples, present, options.Lambda);
            return (gap <= options.RelativeGapTolerance * objective).MoveToOuterDisposeScope();
        }

        private void Finish(BatchIteration iteration, Tensor finished, int count, MapStopReason reason)
        {
            // The state moves to the dispose scope of Solve, so none may be open around this.
            Tensor kept;
            using (NewDisposeScope())
            {
                var done = Remaining.masked_select(finished);
                Codes.index_copy_(0, done, iteration.Codes.index_select(0, finished.nonzero().squeeze(1)));
                foreach (long row in done.cpu().data<long>()) (Iterations[row], Reasons[row]) = (count, reason);
                kept = finished.logical_not().nonzero().squeeze(1).MoveToOuterDisposeScope();
                Remaining = Remaining.index_select(0, kept).MoveToOuterDisposeScope();
                Samples = Samples.index_select(0, kept).MoveToOuterDisposeScope();
            }
            iteration.Keep(kept);
        }
    }
}
