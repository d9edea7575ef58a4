namespace VariationalSparseCoding.MapInference;

/// <summary>A solver that works sample by sample: only the rows of the Gram matrix that belong to a sample's support are read.</summary>
internal abstract class SampleSolver : BlockSolver
{
    protected sealed override Action<SampleBlock> Create(LassoProblem problem, MapOptions options, bool isSinglePrecision)
    {
        var sample = new LassoSample(problem, options, isSinglePrecision);
        var solve = Create(problem);
        return block =>
        {
            for (int i = 0; i < block.Count; i++)
            {
                sample.Load(block, i);
                block.Finish(i, sample, solve(sample));
            }
        };
    }

    /// <summary>Makes what solves one loaded sample; each thread gets its own.</summary>
    /// <param name="problem">The dictionary.</param>
    protected abstract Func<LassoSample, MapStopReason> Create(LassoProblem problem);
}
