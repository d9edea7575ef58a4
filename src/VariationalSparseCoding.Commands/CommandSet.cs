using System.CommandLine;
using System.CommandLine.Help;
using VariationalSparseCoding.Commands.Parsing;
using VariationalSparseCoding.Commands.Printing;
using VariationalSparseCoding.Training;

namespace VariationalSparseCoding.Commands;

/// <summary>The commands that one program offers. Parses, runs, and turns every failure into one line and an exit code.</summary>
internal sealed class CommandSet
{
    private const int MostWordsOfCommand = 2;

    private readonly Command root;
    private readonly HashSet<string> fullCommands = [];

    /// <summary>Creates a set without commands.</summary>
    /// <param name="name">The program's name as the user types it.</param>
    /// <param name="description">The first lines of its help.</param>
    public CommandSet(string name, string description)
    {
        Name = name;
        // Redirected help is for reading too.
        var help = new HelpAction { MaxWidth = Console.IsOutputRedirected ? Consoles.PlainWidth : Console.WindowWidth };
        root = new Command(name, description) { new HelpOption { Action = help }, new VersionOption() };
    }

    /// <summary>The program's name as the user types it.</summary>
    public string Name { get; }

    /// <summary>The commands, as a tree.</summary>
    public Command Root => root;

    /// <summary>How runs are evaluated and shown, by the kind of their generator.</summary>
    public RunKinds Kinds { get; } = new();

    /// <summary>Adds a command.</summary>
    /// <param name="command">The command.</param>
    /// <returns>This set.</returns>
    public CommandSet Add(Command command)
    {
        root.Add(command);
        return this;
    }

    /// <summary>Adds a command below one that was added before.</summary>
    /// <param name="parent">The name of that one.</param>
    /// <param name="command">The command.</param>
    /// <returns>This set.</returns>
    public CommandSet AddBelow(string parent, Command command)
    {
        root.Subcommands.Single(known => known.Name == parent).Add(command);
        return this;
    }

    /// <summary>Adds the commands that need neither the tensor library, ONNX Runtime nor the reproduction kit.</summary>
    /// <param name="checks">What `doctor` checks besides the machine.</param>
    /// <returns>This set.</returns>
    public CommandSet AddStandard(params IReadOnlyList<Func<DoctorCheck>> checks) => this
        .Add(TrainCommand.Create(this))
        .Add(ResumeCommand.Create(this))
        .Add(EvaluateCommand.Create(this))
        .Add(EncodeCommand.Create(this))
        .Add(DecodeCommand.Create(this))
        .Add(ExplainCommand.Create(this))
        .Add(ReportCommand.Create(this))
        .Add(ImportCommand.Create(this))
        .Add(ExportCommand.Create(this))
        .Add(MethodsCommand.Create(this))
        .Add(DataCommand.Create(this))
        .Add(DoctorCommand.Create(checks));

    /// <summary>Names commands that only <see cref="FullProgram"/> has, so that they are pointed to instead of being unknown.</summary>
    /// <param name="names">The names: of one word, or of two where the first is a command of this program.</param>
    /// <returns>This set.</returns>
    public CommandSet AddElsewhere(params ReadOnlySpan<string> names)
    {
        foreach (string name in names) fullCommands.Add(name);
        return this;
    }

    /// <summary>Runs a command line.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="output">Where results go.</param>
    /// <param name="error">Where errors go.</param>
    /// <param name="interruption">Listens to signals.</param>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, Interruption interruption)
    {
        // Names inside files may hold terminal escapes.
        (output, error) = (new PrintableWriter(output), new PrintableWriter(error));
        string[] beginnings = [.. args.Take(MostWordsOfCommand).Select((_, last) => string.Join(' ', args.Take(last + 1)))];
        if (beginnings.FirstOrDefault(fullCommands.Contains) is { } elsewhere) return Fail(error, FullProgram.Has($"'{elsewhere}' is a command"), ExitCode.BadInput);
        // A word that begins with @ names no file of further words, from which a read could wait for ever.
        var parsed = root.Parse(args, new() { ResponseFileTokenReplacer = null });
        if (CommandLineErrors.Of(parsed) is { Count: > 0 } errors)
        {
            foreach (string problem in errors) error.WriteLine($"{Name}: {problem}");
            error.WriteLine($"{Name}: see '{CommandLineErrors.NameOf(parsed.CommandResult)} --help'");
            return ExitCode.BadInput;
        }
        if (PathSymbols.Empty(parsed) is { } empty) return Fail(error, $"{empty}: the path is empty; give a path (was a shell variable not set?).", ExitCode.BadInput);
        if (DrawsOption.IsCalledByItsFormerName(parsed)) error.WriteLine($"{Name}: --samples is the former name of --draws");
        var lastWords = error;
        interruption.LastWords = () => Fail(lastWords, "interrupted", ExitCode.Interrupted);
        try
        {
            PathSymbols.RequireOutputsOfTheirOwn(parsed);
            // Signals are ours: a run that is interrupted saves its state first.
            var configuration = new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            interruption.Token.ThrowIfCancellationRequested();
            return await parsed.InvokeAsync(configuration, interruption.Token);
        }
        catch (InvalidInputException problem)
        {
            return Fail(error, Advice.For(this, problem), ExitCode.BadInput);
        }
        catch (OperationCanceledException)
        {
            return Fail(error, "interrupted", ExitCode.Interrupted);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or TrainingDivergedException or OutOfMemoryException)
        {
            return Fail(error, Advice.For(problem), ExitCode.Failed);
        }
        catch (Exception problem)
        {
            Fail(error, $"internal error, please report it: {problem.Message}", ExitCode.Failed);
            error.WriteLine(problem.ToString());
            return ExitCode.Failed;
        }
    }

    private int Fail(TextWriter error, string message, int code)
    {
        error.WriteLine($"{Name}: {message}");
        return code;
    }
}
