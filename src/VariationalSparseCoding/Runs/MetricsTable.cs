using System.Globalization;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Serialization;
using VariationalSparseCoding.Training;

namespace VariationalSparseCoding.Runs;

/// <summary>
/// The terms of each epoch as metrics.csv. The file is written whole at each epoch, before the checkpoint that follows; a resumed run drops the rows
/// of epochs that it will repeat, so that the table is that of an uninterrupted run.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="validationTerms">What a validation reports, of which not every epoch has one: <see cref="CodeEvaluation.TermNames"/>.</param>
internal sealed class MetricsTable(string path, IReadOnlyList<string> validationTerms) : ITrainingObserver
{
    private readonly List<string> lines = [];

    /// <summary>Keeps the rows of epochs that are part of the checkpoint from which the run continues.</summary>
    /// <param name="stepsDone">Steps done before.</param>
    /// <param name="totalSteps">Steps of the whole run.</param>
    public void OnStart(long stepsDone, long totalSteps)
    {
        lines.Clear();
        if (stepsDone == 0 || !File.Exists(path)) return;
        lines.AddRange(Until(stepsDone, Lines(path)));
    }

    /// <summary>Drops the rows of epochs that will be repeated.</summary>
    /// <param name="stepsDone">Steps done by the state that the training goes on from.</param>
    /// <param name="note">What happened.</param>
    public void OnBackOff(long stepsDone, string note)
    {
        string[] kept = [.. Until(stepsDone, lines)];
        lines.Clear();
        lines.AddRange(kept);
    }

    /// <summary>Adds an epoch.</summary>
    /// <param name="finished">The epoch.</param>
    public void OnEpoch(EpochEvent finished)
    {
        if (lines.Count == 0)
        {
            lines.Add(string.Join(',', ["epoch", "step", .. finished.State.Names, .. finished.Train.Names.Select(name => "train." + name), .. validationTerms.Select(name => "validation." + name)]));
        }
        IEnumerable<double?> validation = finished.Validation is null ? validationTerms.Select(_ => (double?)null) : finished.Validation.Values.Cast<double?>();
        lines.Add(string.Join(',', new double?[] { finished.Epoch, finished.Step }.Concat(finished.State.Values.Cast<double?>())
            .Concat(finished.Train.Values.Cast<double?>()).Concat(validation).Select(value => value?.ToString("R", CultureInfo.InvariantCulture) ?? "")));
        AtomicFile.WriteText(path, string.Join('\n', lines) + "\n");
    }

    /// <summary>Reads a table.</summary>
    /// <param name="path">The file; a missing one is an empty table.</param>
    /// <returns>The rows, each a map from column to number; empty cells are left out.</returns>
    /// <exception cref="InvalidInputException">The file is no table of numbers.</exception>
    public static IReadOnlyList<IReadOnlyDictionary<string, double>> Read(string path)
    {
        if (!File.Exists(path)) return [];
        string[] rows = Lines(path);
        string[] names = rows.FirstOrDefault("").Split(',');
        if (names is not ["epoch", "step", ..]) throw new InvalidInputException($"{path}: row 1 is damaged; delete the file to go on without the curves.");
        return [.. rows.Skip(1).Select(IReadOnlyDictionary<string, double> (row, index) =>
        {
            string[] cells = row.Split(',');
            var values = new Dictionary<string, double>();
            bool isWhole = cells.Length == names.Length;
            for (int column = 0; column < cells.Length && isWhole; column++)
            {
                // Only the first two, epoch and step, must be there.
                if (cells[column].Length == 0 && column >= 2) continue;
                isWhole = double.TryParse(cells[column], CultureInfo.InvariantCulture, out double value);
                values[names[column]] = value;
            }
            if (!isWhole) throw new InvalidInputException($"{path}: row {index + 2} is damaged; delete the file to go on without the curves.");
            return values;
        })];
    }

    private static IEnumerable<string> Until(long stepsDone, IReadOnlyList<string> rows) => rows.Take(1).Concat(rows.Skip(1).TakeWhile(line =>
        line.Split(',') is [_, var step, ..] && long.TryParse(step, CultureInfo.InvariantCulture, out long done) && done <= stepsDone));

    // A table without content, or a pipe of that name, has no rows and is not opened.
    private static string[] Lines(string path) => RegularFile.TargetOf(new FileInfo(path)) is { Exists: true, Length: 0 } ? [] : InputFile.ReadLines(path);
}
