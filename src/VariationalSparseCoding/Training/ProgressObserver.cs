namespace VariationalSparseCoding.Training;

/// <summary>Reports every step to the caller.</summary>
/// <param name="progress">Who is told.</param>
internal sealed class ProgressObserver(IProgress<StepEvent> progress) : ITrainingObserver
{
    public void OnStep(StepEvent made) => progress.Report(made);
}
