using System.CommandLine;
using System.CommandLine.Parsing;
using VariationalSparseCoding.Cli.Commands;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Training;

namespace VariationalSparseCoding.Cli;

/// <summary>The command `vsc`: parses, calls the library, prints. Every failure becomes one line and an exit code.</summary>
internal static class CommandLine
{
    public const string Description = """
        Variational sparse coding with learned thresholding (Fallah & Rozell, ICML 2022).

        Learns a dictionary and an inference network whose samples pass a shifted soft-threshold,
        beside every method that paper compares. 'vsc train' alone learns a dictionary of natural
        images in about two minutes; 'vsc methods' lists the methods.
        """;

    public static RootCommand Root() =>
        new(Description)
        {
            TrainCommand.Create(),
            ResumeCommand.Create(),
            EvaluateCommand.Create(),
            EncodeCommand.Create(),
            DecodeCommand.Create(),
            ReportCommand.Create(),
            ReproduceCommand.Create(),
            MethodsCommand.Create(),
            SyntheticCommand.Create(),
            DataCommand.Create(),
            BenchCommand.Create(),
            DoctorCommand.Create(),
        };

    /// <summary>Runs a command line.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="output">Where results go.</param>
    /// <param name="error">Where errors go.</param>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        var parsed = Root().Parse(args);
        if (Misuse(parsed) is { Count: > 0 } misuse)
        {
            foreach (string problem in misuse) await error.WriteLineAsync($"vsc: {problem}");
            await error.WriteLineAsync($"vsc: see '{HelpOf(parsed)}'");
            return ExitCode.BadInput;
        }
        using var interruption = new Interruption();
        try
        {
            // Signals are ours: a run that is interrupted saves its state first.
            var configuration = new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return await parsed.InvokeAsync(configuration, interruption.Token);
        }
        catch (InvalidInputException problem)
        {
            return await Fail(error, problem.Message, ExitCode.BadInput);
        }
        catch (OperationCanceledException)
        {
            return await Fail(error, "interrupted", ExitCode.Interrupted);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or TrainingDivergedException or OutOfMemoryException)
        {
            return await Fail(error, problem.Message, ExitCode.Failed);
        }
        catch (Exception problem)
        {
            await Fail(error, $"this is a defect of the program: {problem.Message}", ExitCode.Failed);
            await error.WriteLineAsync(problem.ToString());
            return ExitCode.Failed;
        }
    }

    private static async Task<int> Fail(TextWriter error, string message, int code)
    {
        await error.WriteLineAsync($"vsc: {message}");
        return code;
    }

    /// <summary>What is wrong with the words of a command line; an unknown one is named with the nearest known one, and its consequences are left out.</summary>
    private static List<string> Misuse(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        string[] options = [.. OptionsOf(parsed.CommandResult).SelectMany(option => option.Aliases.Prepend(option.Name)).Where(name => name.StartsWith("--", StringComparison.Ordinal))];
        List<string> unknown =
        [
            .. parsed.Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash).Where(token => token.Type == TokenType.Argument && LooksLikeOption(token.Value))
                .Select(token => token.Value.Split('=')[0]).Select(name => $"unknown option '{name}'{Spelling.Suggestion(name, options)}"),
        ];
        if (unknown.Count > 0) return unknown;
        if (command.Subcommands.Count > 0 && parsed.UnmatchedTokens.Count > 0)
            return [$"unknown command '{parsed.UnmatchedTokens[0]}'{Spelling.Suggestion(parsed.UnmatchedTokens[0], command.Subcommands.Select(subcommand => subcommand.Name))}"];
        return [.. parsed.Errors.Select(problem => problem.Message)];
    }

    private static IEnumerable<Option> OptionsOf(CommandResult result) =>
        result.Command.Options.Concat(result.Parent is CommandResult parent ? OptionsOf(parent).Where(option => option.Recursive) : []);

    // A number may be negative.
    private static bool LooksLikeOption(string word) => word is ['-', '-' or (>= 'a' and <= 'z') or (>= 'A' and <= 'Z'), ..];

    private static string HelpOf(ParseResult parsed) => $"{NameOf(parsed.CommandResult)} --help";

    private static string NameOf(CommandResult result) =>
        result.Command is RootCommand || result.Parent is not CommandResult parent ? "vsc" : $"{NameOf(parent)} {result.Command.Name}";
}
