namespace VariationalSparseCoding.Experiments;

/// <summary>The errors of an experiment, gathered so that all are reported at once.</summary>
internal sealed class Errors
{
    public List<string> Lines { get; } = [];

    public void Add(string option, string problem) => Lines.Add($"{option}: {problem}");

    public void Check(bool holds, string option, string problem)
    {
        if (!holds) Add(option, problem);
    }

    public void Positive(string option, double value) =>
        Check(value > 0 && double.IsFinite(value), option, $"must be a number above 0, not {value}");

    public void NotNegative(string option, double value) =>
        Check(value >= 0 && double.IsFinite(value), option, $"must be a number of at least 0, not {value}");
}
