namespace VariationalSparseCoding.Commands;

/// <summary>What the process tells its caller.</summary>
internal static class ExitCode
{
    public const int Done = 0, Failed = 1, BadInput = 2, Interrupted = 130;
}
