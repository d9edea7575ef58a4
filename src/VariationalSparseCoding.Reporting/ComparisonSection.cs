namespace VariationalSparseCoding.Reporting;

/// <summary>Several runs side by side.</summary>
internal static class ComparisonSection
{
    public static string Render(IReadOnlyList<RunReport> runs) =>
        "<h2>Comparison</h2>\n" + ResultCard(runs) + SettingsCard(runs) + CurvesCard(runs) + DictionariesCard(runs);

    private static string ResultCard(IReadOnlyList<RunReport> runs)
    {
        bool sameObjective = runs.Select(run => (run.Evaluation.L1Weight, run.Evaluation.FrobeniusWeight)).Distinct().Count() == 1;
        string introduction = sameObjective
            ? EvaluationSection.ObjectiveHtml(runs[0].Evaluation, runs[0].Shape)
            : Html.Paragraph("The runs weigh the terms of the objective differently (see each run), so that their objectives cannot be compared with each other, only with the baselines beside them.");
        double Objective(RunReport run, EvaluationKind kind) => EvaluationSection.Objective(run.Evaluation, kind);
        EvaluationKind[] kinds = [EvaluationKind.Codes, EvaluationKind.AllZero, EvaluationKind.Fista];
        int decimals = Numbers.Decimals(runs.SelectMany(run => kinds.Select(kind => Objective(run, kind))));
        string Row(RunReport run, int index)
        {
            string beats = EvaluationSection.BeatsAllZero(run.Evaluation) switch { true => "<span class=\"good\">yes</span>", false => "<span class=\"bad\">no</span>", null => Numbers.Missing };
            string[] cells =
            [
                .. kinds.Select(kind => Numbers.Text(Objective(run, kind), decimals)), beats,
                Numbers.Percent(RunSection.MeanActiveFraction(run)), $"{run.DeadAtoms.Count} of {run.Dictionary.Columns}",
            ];
            return RowHtml(run, index, cells);
        }

        return Html.Card("Result", introduction + Html.Table(
            ["run", "objective of the codes", "all-zero code", "FISTA, same dictionary", "beats all-zero", "mean active fraction", "dead atoms"], numeric: true, runs.Select(Row)));
    }

    /// <summary>A run's row of the table of results.</summary>
    public static string RowHtml(ReportedRun run, int index, IEnumerable<string> cellsHtml) =>
        $"<tr><th scope=\"row\"><a href=\"#{RunSection.Id(index)}\">{Html.Escape(run.Name)}</a><span class=\"cause\">{Html.Escape(run.Method)}</span></th>"
        + string.Concat(cellsHtml.Select(cell => $"<td class=\"number\">{cell}</td>")) + "</tr>";

    public static string SettingsCard(IReadOnlyList<ReportedRun> runs)
    {
        string Value(ReportedRun run, string name) => run.Settings.FirstOrDefault(setting => setting.Name == name)?.Value ?? Numbers.Missing;
        string[] differing = [.. runs.SelectMany(run => run.Settings).Select(setting => setting.Name).Distinct().Where(name => runs.Select(run => Value(run, name)).Distinct().Count() > 1)];
        return Html.Card("Settings that differ", differing.Length == 0
            ? Html.Paragraph("None of the recorded settings.")
            : Html.Table(["setting", .. runs.Select(run => run.Name)], numeric: false, differing.Select(name =>
                $"<tr><th scope=\"row\">{Html.Escape(name)}</th>{string.Concat(runs.Select(run => $"<td>{Html.Escape(Value(run, name))}</td>"))}</tr>")));
    }

    public static string CurvesCard(IReadOnlyList<ReportedRun> runs)
    {
        IReadOnlyList<CurvePanel> panels = CurveFigure.Panels(runs);
        return panels.Count == 0 ? "" : Html.Card("Validation terms during training", RunSection.CurveGrid(panels, "of each run"));
    }

    private static string DictionariesCard(IReadOnlyList<RunReport> runs) => Html.Card("Dictionaries, sorted by norm",
        $"<div class=\"columns\">{string.Concat(runs.Select(run => Html.Figure(style => Figures.DictionaryGrid(run.Dictionary, run.Shape, style), $"The dictionary of {run.Name}", run.Name, "grid")))}</div>");
}
