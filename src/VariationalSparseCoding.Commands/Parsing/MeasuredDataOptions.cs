using System.CommandLine;
using VariationalSparseCoding.Data;
using VariationalSparseCoding.Runs;

namespace VariationalSparseCoding.Commands.Parsing;

/// <summary>The options that name data for a run to be measured on in place of its own validation samples.</summary>
internal sealed class MeasuredDataOptions
{
    private readonly PathOption data = new("--data") { Description = "measure on this data, in place of the run's own validation samples: whatever 'encode' takes; needed for imported dictionaries", HelpName = "PATH" };
    private readonly Option<string?> tensor = new("--tensor") { Description = "which tensor, array, column or layer of the files of --data; by default the only one", HelpName = "NAME" };
    private readonly Option<int?> rows = new("--rows") { Description = $"the most rows of --data, evenly spread over it; by default {MeasuredData.UsualSamples}", HelpName = "COUNT" };

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        command.Add(data);
        command.Add(tensor);
        command.Add(rows);
    }

    /// <summary>Sets what a run is measured on, if the command line says.</summary>
    /// <param name="parsed">The parsed command line.</param>
    /// <param name="folder">The run.</param>
    /// <exception cref="InvalidInputException">The number of samples is out of range, or one of the options stands without the data.</exception>
    public void Apply(ParseResult parsed, RunFolder folder)
    {
        if (parsed.GetValue(rows) is { } count && count < 1) throw new InvalidInputException($"--rows {count}: must be at least 1.");
        if (parsed.GetValue(data) is { } source) folder.Measured = new(source, parsed.GetValue(tensor) ?? "", parsed.GetValue(rows) ?? MeasuredData.UsualSamples);
        else if (parsed.GetValue(tensor) is not null || parsed.GetValue(rows) is not null) throw new InvalidInputException("--tensor and --rows belong to --data; name the data, or leave them out.");
    }
}
