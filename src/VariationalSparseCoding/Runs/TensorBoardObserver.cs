using TorchSharp;

namespace VariationalSparseCoding.Runs;

/// <summary>Writes the terms of each epoch as TensorBoard scalars; a resumed run adds an event file to the folder.</summary>
/// <param name="folder">The folder of the event files.</param>
internal sealed class TensorBoardObserver(string folder) : ITrainingObserver
{
    private readonly TorchSharp.Modules.SummaryWriter writer = torch.utils.tensorboard.SummaryWriter(folder);

    public void OnEpoch(EpochEvent finished)
    {
        Write("train", finished.Train, finished.Step);
        Write("state", finished.State, finished.Step);
        if (finished.Validation is not null) Write("validation", finished.Validation, finished.Step);
    }

    private void Write(string group, Terms terms, long step)
    {
        for (int i = 0; i < terms.Names.Count; i++) writer.add_scalar($"{group}/{terms.Names[i]}", (float)terms.Values[i], (int)step);
    }
}
