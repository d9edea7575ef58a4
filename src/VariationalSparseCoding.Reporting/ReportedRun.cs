namespace VariationalSparseCoding.Reporting;

/// <summary>What a report says about any run, whatever its generator.</summary>
internal abstract record ReportedRun
{
    private protected ReportedRun() { }

    /// <summary>The run's name.</summary>
    public required string Name { get; init; }

    /// <summary>The method's name.</summary>
    public required string Method { get; init; }

    /// <summary>The method in one sentence.</summary>
    public required string MethodDescription { get; init; }

    /// <summary>The settings that a reader asks for first, in the order to show them.</summary>
    public IReadOnlyList<NamedText> Settings { get; init; } = [];

    /// <summary>Every setting, shown folded; may be empty.</summary>
    public IReadOnlyList<NamedText> AllSettings { get; init; } = [];

    /// <summary>Versions and machine, in the order to show them.</summary>
    public IReadOnlyList<NamedText> Environment { get; init; } = [];

    /// <summary>The logged loss terms, in the order of the steps; may be empty.</summary>
    public IReadOnlyList<HistoryRow> History { get; init; } = [];

    /// <summary>What the numbers do not show: limits of the evaluation, deviations, caveats; one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The command that repeats the run.</summary>
    public required string ReproduceCommand { get; init; }
}
