using System.CommandLine;

namespace VariationalSparseCoding.Cli.Commands;

/// <summary>`vsc doctor`: checks what a run needs; each line that fails says what to do.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var command = new Command("doctor", "check the SDK, the native library, threads, SIMD width, device and disk; each failing line says what to do");
        command.SetAction(parsed =>
        {
            bool well = true;
            foreach (var check in Diagnosis.All())
            {
                parsed.InvocationConfiguration.Output.WriteLine($"{(check.Passed ? "ok  " : "FAIL")}  {check.Name,-16} {check.Finding}");
                if (!check.Passed) parsed.InvocationConfiguration.Output.WriteLine($"      {"",-16} -> {check.Advice}");
                well &= check.Passed;
            }
            return well ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }
}
