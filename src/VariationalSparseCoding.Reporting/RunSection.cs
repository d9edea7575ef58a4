namespace VariationalSparseCoding.Reporting;

/// <summary>All that is shown about one run.</summary>
internal static class RunSection
{
    /// <summary>Longer lists of dead atoms start folded.</summary>
    private const int DeadAtomsShown = 60;

    public static string Id(int index) => $"run-{index + 1}";

    /// <summary>Sets a run apart from the others of the report.</summary>
    public static string Heading(ReportedRun run, int index) => $"<h2 id=\"{Id(index)}\">{Html.Escape(run.Name)}</h2>\n";

    public static string Render(RunReport run) => string.Concat(
        Method(run),
        AtAGlance(run),
        SettingsCard(run),
        EvaluationSection.Render(run),
        QualitySection.Render(run),
        DictionaryCard(run),
        CurvesCard(run.History, run.Name),
        ActivityCard(run.ActiveFractions, run.MeanMagnitudes, run.Name, "atom"),
        ReconstructionsCard(run),
        DeadCard(run.DeadAtoms, run.Dictionary.Columns, "atom", DeadAsTrained(run)),
        TopSamplesCard(run),
        LimitsCard(run),
        ReproduceCard(run));

    public static string Method(ReportedRun run) => $"<p class=\"method\">{Html.Escape(run.Method)}: {Html.Escape(run.MethodDescription)}</p>\n";

    public static string SettingsCard(ReportedRun run) =>
        Html.Card("What was run", $"<div class=\"columns\"><div>{Html.NameValueTable(run.Settings)}</div><div>{Html.NameValueTable(run.Environment)}</div></div>" + AllSettings(run.AllSettings));

    public static string LimitsCard(ReportedRun run) => Html.Card("Limits", run.Notes.Count > 0 ? Html.List(run.Notes) : Html.Paragraph("No limits were noted."));

    public static string ReproduceCard(ReportedRun run) => Html.Card("How to reproduce", $"<pre><code>{Html.Escape(run.ReproduceCommand)}</code></pre>");

    /// <summary>The mean over atoms; not a number where it was not measured.</summary>
    public static double MeanActiveFraction(RunReport run) => Mean(run.ActiveFractions);

    private static double Mean(IReadOnlyList<float> activeFractions) => activeFractions.Where(float.IsFinite).Select(value => (double)value).DefaultIfEmpty(double.NaN).Average();

    private static string AllSettings(IReadOnlyList<NamedText> settings) => settings.Count == 0 ? ""
        : $"<details><summary>All {settings.Count} settings</summary>{Html.NameValueTable(settings)}</details>\n";

    /// <summary>The numbers that a reader looks for first.</summary>
    public static string Tiles(params (string Name, string Value)[] tiles) =>
        $"<dl class=\"tiles\">{string.Concat(tiles.Select(tile => $"<div class=\"tile\"><dt>{Html.Escape(tile.Name)}</dt><dd>{Html.Escape(tile.Value)}</dd></div>"))}</dl>\n";

    private static string AtAGlance(RunReport run) => Tiles(
        ("objective of the codes", Numbers.Text(EvaluationSection.Objective(run.Evaluation, EvaluationKind.Codes))),
        ("objective as trained", Numbers.Text(run.AsTrained?.Objective ?? double.NaN)),
        ("all-zero code", Numbers.Text(EvaluationSection.Objective(run.Evaluation, EvaluationKind.AllZero))),
        ("FISTA, same dictionary", Numbers.Text(EvaluationSection.Objective(run.Evaluation, EvaluationKind.Fista))),
        ("mean active fraction", Numbers.Percent(MeanActiveFraction(run))),
        ("dead atoms", $"{run.DeadAtoms.Count} of {run.Dictionary.Columns}"))
        + Html.Paragraph($"Numbers and pictures are of this code: {run.CodesName}.");

    private static string DeadAsTrained(RunReport run) => run.AsTrained is not { } trained ? ""
        : $" Under the codes as trained ({trained.Name}) {trained.DeadAtoms} {(trained.DeadAtoms == 1 ? "is" : "are")} never active.";

    private static string DictionaryCard(RunReport run)
    {
        double[] norms = [.. DictionaryFigure.Norms(run.Dictionary.Transpose())];
        string range = norms.Any(double.IsFinite) ? $" Norms run from {Numbers.Text(norms.Where(double.IsFinite).Max())} down to {Numbers.Text(norms.Where(double.IsFinite).Min())}." : "";
        string caption = (run.Shape.IsPatch
            ? "Atoms sorted by descending norm, row by row from the upper left. Each atom has its own scale; mid grey is zero."
            : "Atoms sorted by descending norm, from left to right, all on one scale.") + range;
        return Html.Card("Dictionary", Html.Figure(
            style => Figures.DictionaryGrid(run.Dictionary, run.Shape, style),
            $"The {run.Dictionary.Columns} atoms of the dictionary of {run.Name}, sorted by norm", caption, run.Shape.IsPatch ? "grid" : "scroll fit"));
    }

    public static string CurvesCard(IReadOnlyList<HistoryRow> history, string name)
    {
        IReadOnlyList<CurvePanel> panels = CurveFigure.Panels(history);
        return Html.Card("Loss terms during training", panels.Count == 0
            ? Html.Paragraph($"{Numbers.Missing} no loss terms were logged.")
            : CurveGrid(panels, $"of {name}"));
    }

    public static string CurveGrid(IReadOnlyList<CurvePanel> panels, string owner) =>
        $"<div class=\"columns\">{string.Concat(panels.Select(panel => Html.Picture(style => CurveFigure.Panel(panel, style), $"{panel.Term} {owner} by {panel.XLabel}, {LastValues(panel)}")))}</div>\n";

    private static string LastValues(CurvePanel panel) =>
        string.Join(", ", panel.Lines.Where(line => line.Y.Length > 0).Select(line => $"{line.Name} ending at {Numbers.Text(line.Y[^1])}"));

    /// <summary>How often the features are active.</summary>
    /// <param name="activeFractions">Of each feature, [d]; empty where not measured.</param>
    /// <param name="meanMagnitudes">The mean of |z| of each feature, [d]; empty where not measured.</param>
    /// <param name="name">The run's name.</param>
    /// <param name="feature">What a feature is called: atom or feature.</param>
    public static string ActivityCard(IReadOnlyList<float> activeFractions, IReadOnlyList<float> meanMagnitudes, string name, string feature)
    {
        if (activeFractions.Count == 0) return Html.Card($"Activity of the {feature}s", Html.Paragraph($"{Numbers.Missing} not measured."));
        string magnitude = meanMagnitudes.Any(float.IsFinite)
            ? $" The mean of |z| over all {feature}s is {Numbers.Text(meanMagnitudes.Where(float.IsFinite).Average())}, of the strongest {feature} {Numbers.Text(meanMagnitudes.Where(float.IsFinite).Max())}."
            : "";
        return Html.Card($"Activity of the {feature}s", Html.Figure(
            style => Figures.ActiveFractions(activeFractions, style, feature),
            $"Active fraction of each {feature} of {name}, sorted",
            $"Share of the validation samples on which each {feature}'s coefficient is not exactly zero. The mean is {Numbers.Percent(Mean(activeFractions))}.{magnitude}", "scroll fit"));
    }

    /// <summary>The features that are never active.</summary>
    /// <param name="dead">Their numbers.</param>
    /// <param name="all">How many features there are.</param>
    /// <param name="feature">What a feature is called: atom or feature.</param>
    /// <param name="more">A sentence that follows, with a space before it.</param>
    public static string DeadCard(IReadOnlyList<int> dead, int all, string feature, string more = "")
    {
        string title = $"Dead {feature}s";
        if (dead.Count == 0) return Html.Card(title, Html.Paragraph($"None of the {all} {feature}s is dead: each is active on at least one validation sample.{more}"));
        string indices = $"<p class=\"indices\">{string.Join(", ", dead)}</p>\n";
        return Html.Card(title, Html.Paragraph($"{dead.Count} of {all} {feature}s {(dead.Count == 1 ? "is" : "are")} dead: never active on the validation samples. Numbers count {(feature == "atom" ? "the columns of A" : "features")} from 0.{more}")
            + (dead.Count <= DeadAtomsShown ? indices : $"<details><summary>All {dead.Count} indices</summary>{indices}</details>\n"));
    }

    private static string ReconstructionsCard(RunReport run) => run.Reconstructions is not { Originals.Rows: > 0 } set
        ? Html.Card("Reconstructions", Html.Paragraph($"{Numbers.Missing} no samples were given."))
        : Html.Card("Reconstructions", Html.Figure(
            style => Figures.Reconstructions(set, run.Shape, style),
            $"{set.Originals.Rows} validation samples with their reconstructions and residuals",
            "Validation samples, what the codes make of them, and the difference. The three of a column share the scale of the sample; below is the squared error ½‖x − Az‖².", "scroll"));

    private static string TopSamplesCard(RunReport run) => run.StrongestAtoms.Count == 0
        ? Html.Card("What activates the strongest atoms", Html.Paragraph($"{Numbers.Missing} no samples were given."))
        : Html.Card("What activates the strongest atoms", Html.Figure(
            style => Figures.TopPatches(run.StrongestAtoms, run.Dictionary, run.Shape, style),
            $"The {run.StrongestAtoms.Count} strongest atoms, each beside the samples that activate it most",
            "Left: the atom. Right of it: the validation samples with the largest coefficients in magnitude, the coefficient below. Each picture has its own scale; a negative coefficient goes with the inverted atom.", "scroll"));
}
