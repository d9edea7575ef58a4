using System.CommandLine;

namespace VariationalSparseCoding.Commands;

/// <summary>`doctor`: checks what a run needs; each line that fails says what to do.</summary>
internal static class DoctorCommand
{
    public static Command Create(IReadOnlyList<Func<DoctorCheck>> checks)
    {
        var command = new Command("doctor", "Check this machine: SDK, runtime, native libraries, processor, memory and disk. Each line that fails says what to do.");
        command.SetAction(parsed =>
        {
            bool well = true;
            foreach (var check in MachineChecks.All.Concat(checks))
            {
                var found = check();
                parsed.InvocationConfiguration.Output.WriteLine($"{(found.Passed ? "ok  " : "FAIL")}  {found.Name,-16} {found.Finding}");
                if (!found.Passed) parsed.InvocationConfiguration.Output.WriteLine($"      {"",-16} -> {found.Advice}");
                well &= found.Passed;
            }
            return well ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }
}
