namespace VariationalSparseCoding.Cli.Tests.Helpers;

/// <summary>What a command line came to.</summary>
internal sealed record Outcome(int Code, string Output, string Error)
{
    public Outcome Succeeded()
    {
        Assert.True(Code == ExitCode.Done, $"exit code {Code}: {Error}\n{Output}");
        Assert.Equal("", Error);
        return this;
    }

    /// <summary>Asserts success, whatever was said on the way.</summary>
    public void Done() => Assert.True(Code == ExitCode.Done, $"exit code {Code}: {Error}\n{Output}");

    /// <summary>Asserts a refusal in one line that names what the user needs to know.</summary>
    public void Refused(params string[] parts) => Failed(ExitCode.BadInput, parts);

    public void Failed(int code, params string[] parts)
    {
        Assert.True(Code == code, $"exit code {Code}, expected {code}: {Error}\n{Output}");
        string line = Assert.Single(Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith($"{Vsc.Name}: ", line, StringComparison.Ordinal);
        foreach (string part in parts) Assert.Contains(part, line, StringComparison.Ordinal);
    }
}
