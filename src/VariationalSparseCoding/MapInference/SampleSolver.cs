namespace VariationalSparseCoding.MapInference;

/// <summary>A solver that works sample by sample: only the rows of the Gram matrix that belong to a sample's support are read.</summary>
internal abstract class SampleSolver : BlockSolver
{
    protected sealed override Action<SampleBlock> Create(LassoProblem problem, MapOptions options, bool isSinglePrecision)
    {
        var sample = new LassoSample(problem.Gram, options, isSinglePrecision);
        var solve = Create(problem);
        return block =>
        {
            for (int i = 0; i < block.Count; i++)
            {
                sample.Load(block, i);
                var reason = solve(sample);
                if (reason == MapStopReason.Stalled && sample.Rounds) reason = SolveExactly(sample, solve);
                block.Finish(i, sample, reason);
            }
        };
    }

    /// <summary>Goes on where the rounding of the codes to float32 hindered the search, and rounds them at its end.</summary>
    private static MapStopReason SolveExactly(LassoSample sample, Func<LassoSample, MapStopReason> solve)
    {
        sample.Rounds = false;
        var reason = solve(sample);
        sample.Rounds = true;
        sample.Certify();
        return sample.Converged ? MapStopReason.Converged : reason == MapStopReason.Converged ? MapStopReason.Stalled : reason;
    }

    /// <summary>Makes what solves one loaded sample; each thread gets its own.</summary>
    /// <param name="problem">The dictionary.</param>
    protected abstract Func<LassoSample, MapStopReason> Create(LassoProblem problem);
}
