using static System.FormattableString;

namespace VariationalSparseCoding.Experiments;

/// <summary>The errors of an experiment, gathered so that all are reported at once.</summary>
internal sealed class Errors
{
    /// <summary>
    /// The smallest and the largest positive number of an experiment. Beyond them single precision has no room left for squares and quotients of such numbers,
    /// and no method has a use.
    /// </summary>
    public const double Smallest = 1e-12, Largest = 1e6;

    /// <summary>The errors, a line for each, which begins with the option.</summary>
    public List<string> Lines { get; } = [];

    /// <summary>Adds an error.</summary>
    /// <param name="option">The option, such as "schedule.epochs".</param>
    /// <param name="problem">What is wrong with it.</param>
    public void Add(string option, string problem) => Lines.Add($"{option}: {problem}");

    /// <summary>Adds an error unless a condition holds.</summary>
    /// <param name="holds">The condition.</param>
    /// <param name="option">The option.</param>
    /// <param name="problem">What is wrong with it otherwise.</param>
    public void Check(bool holds, string option, string problem)
    {
        if (!holds) Add(option, problem);
    }

    /// <summary>Checks a number that must be above 0: from <see cref="Smallest"/> to <see cref="Largest"/>.</summary>
    /// <param name="option">The option.</param>
    /// <param name="value">Its value.</param>
    public void Positive(string option, double value)
    {
        if (!(value > 0)) Add(option, Invariant($"must be a number above 0, not {value}"));
        else if (value < Smallest) Add(option, Invariant($"must be at least {Smallest}, not {value}"));
        else AtMost(option, value);
    }

    /// <summary>Checks a number that may be 0: at most <see cref="Largest"/>.</summary>
    /// <param name="option">The option.</param>
    /// <param name="value">Its value.</param>
    public void NotNegative(string option, double value)
    {
        if (!(value >= 0)) Add(option, Invariant($"must be a number of at least 0, not {value}"));
        else AtMost(option, value);
    }

    /// <summary>Checks a number that must lie between two others, or be one of them.</summary>
    /// <param name="option">The option.</param>
    /// <param name="value">Its value.</param>
    /// <param name="least">The smallest number allowed.</param>
    /// <param name="most">The largest number allowed.</param>
    public void Within(string option, double value, double least, double most)
    {
        if (!(value >= least && value <= most)) Add(option, Invariant($"must lie between {least} and {most}, not {value}"));
    }

    /// <summary>Checks a number that must lie in [0, 1).</summary>
    /// <param name="option">The option.</param>
    /// <param name="value">Its value.</param>
    public void BelowOne(string option, double value)
    {
        if (value is not (>= 0 and < 1)) Add(option, Invariant($"must lie in [0, 1), not {value}"));
    }

    /// <summary>Checks that a value of an enumeration is one of its names.</summary>
    /// <param name="option">The option.</param>
    /// <param name="value">Its value.</param>
    public void Named<T>(string option, T value) where T : struct, Enum =>
        Check(Enum.IsDefined(value), option, $"must be one of {string.Join(", ", Enum.GetValues<T>().Select(ExperimentJson.Name))}, not {value}");

    private void AtMost(string option, double value)
    {
        if (value > Largest) Add(option, Invariant($"must be at most {Largest}, not {value}"));
    }
}
