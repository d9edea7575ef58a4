using VariationalSparseCoding.Commands.Parsing;
using VariationalSparseCoding.Data;

namespace VariationalSparseCoding.Commands;

/// <summary>What to do about a failure, in the words of the command line. The library states what is wrong; it does not know how it is called.</summary>
internal static class Advice
{
    private const int NoSpaceLeft = 28, QuotaExceeded = 122, DiskFullOnWindows = 112, HandleDiskFullOnWindows = 39;

    /// <summary>Returns the message of an input that cannot be used, with the command that helps.</summary>
    /// <param name="set">The program that was called.</param>
    /// <param name="problem">The problem.</param>
    public static string For(CommandSet set, InvalidInputException problem)
    {
        // Whoever types commands adds no packages to a project.
        if (problem.Remedy == Remedy.AddTensorLibrary && set.Name != FullProgram.Name)
            return $"{problem.Subject} needs the tensor library: use {FullProgram.Name} (package {FullProgram.Package}).";
        if (problem.Remedy == Remedy.UseRawValues) return problem.Message.Replace(ColumnStatistics.RawSetting, ExperimentOptions.RawName, StringComparison.Ordinal);
        string? advice = problem.Remedy switch
        {
            Remedy.TrainRun => $"start the run with '{set.Name} train --output {problem.Subject}'",
            Remedy.ResumeRun => $"continue the run with '{set.Name} resume {problem.Subject}'",
            Remedy.DownloadFashionMnist => $"get the files with '{set.Name} data fashion-mnist{(problem.Subject == "" ? "" : $" --root {problem.Subject}")}'",
            Remedy.SkipBadImages => $"or leave them out with {ExperimentOptions.SkipBadImagesName}",
            Remedy.NameData => "give them with --data",
            _ => null,
        };
        return advice is null ? problem.Message : $"{problem.Message.TrimEnd('.')}; {advice}.";
    }

    /// <summary>Returns the message of a failure of the machine, with what to do if the disk is full.</summary>
    /// <param name="problem">The problem.</param>
    public static string For(Exception problem) => IsDiskFull(problem) ? $"{problem.Message.TrimEnd('.')}; free space on that disk, or write elsewhere." : problem.Message;

    private static bool IsDiskFull(Exception problem) => problem is IOException
        && (problem.HResult & 0xFFFF) is var code
        && (OperatingSystem.IsWindows() ? code is DiskFullOnWindows or HandleDiskFullOnWindows : code is NoSpaceLeft or QuotaExceeded);
}
