using VariationalSparseCoding.Objectives;
using VariationalSparseCoding.Serialization;
using VariationalSparseCoding.Training;

namespace VariationalSparseCoding.Runs;

/// <summary>Writes the terms of each epoch as TensorBoard scalars; a resumed run adds an event file to the folder.</summary>
/// <param name="folder">The folder of the event files.</param>
internal sealed class TensorBoardObserver(string folder) : ITrainingObserver
{
    private readonly TensorBoardEvents events = new(folder);

    public void OnEpoch(EpochEvent finished) => events.Add(finished.Step,
        [.. Scalars("train", finished.Train), .. Scalars("state", finished.State), .. finished.Validation is { } validation ? Scalars("validation", validation) : []]);

    private static IEnumerable<(string Tag, float Value)> Scalars(string group, LossTerms terms) => terms.Names.Zip(terms.Values, (name, value) => ($"{group}/{name}", (float)value));
}
