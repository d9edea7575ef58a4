using System.Globalization;

namespace VariationalSparseCoding.Reporting;

/// <summary>The result table with both baselines, and what it says in words.</summary>
internal static class EvaluationSection
{
    public static string Render(RunReport run)
    {
        EvaluationTable table = run.Evaluation;
        EvaluationRow[] rows = [.. Rows(table)];
        int[] decimals = [.. Enumerable.Range(0, table.Columns.Count).Select(column => Numbers.Decimals(rows.Select(row => row.Values[column])))];
        return Html.Card("Result", ObjectiveHtml(table, run.Shape) + VerdictHtml(table) + Html.Table(["codes", .. table.Columns], numeric: true, rows.Select(row => RowHtml(row, decimals))));
    }

    /// <summary>The objective of the first row of a kind; not a number where there is none.</summary>
    public static double Objective(EvaluationTable table, EvaluationKind kind) =>
        table.Rows.FirstOrDefault(row => row.Kind == kind)?.Values[0] ?? double.NaN;

    /// <summary>Whether the run's codes beat the all-zero code; null where one of the two is missing.</summary>
    public static bool? BeatsAllZero(EvaluationTable table)
    {
        double codes = Objective(table, EvaluationKind.Codes), zero = Objective(table, EvaluationKind.AllZero);
        return double.IsNaN(codes) || double.IsNaN(zero) ? null : codes < zero;
    }

    public static string ObjectiveHtml(EvaluationTable table, SampleShape shape)
    {
        bool frobenius = table.FrobeniusWeight != 0;
        string formula = "½‖x − Az‖² + λ‖z‖<sub>1</sub>" + (frobenius ? " + κ‖A‖<sub>F</sub>²" : "");
        string weights = $"λ = {Short(table.L1Weight)}" + (frobenius ? $" and κ = {Short(table.FrobeniusWeight)}" : "");
        return string.Create(CultureInfo.InvariantCulture, $"<p>The objective is {formula} with {weights}: its mean over {table.SampleCount:N0} validation {(shape.IsPatch ? "patches" : "vectors")} x. Lower is better.</p>\n");
    }

    private static IEnumerable<EvaluationRow> Rows(EvaluationTable table)
    {
        IEnumerable<EvaluationRow> Of(EvaluationKind kind, string? missing = null)
        {
            EvaluationRow[] rows = [.. table.Rows.Where(row => row.Kind == kind)];
            return rows.Length > 0 || missing is null ? rows
                : [new EvaluationRow(kind, missing, [.. Enumerable.Repeat(double.NaN, table.Columns.Count)], "not computed")];
        }

        return [.. Of(EvaluationKind.Codes, "this run's codes"), .. Of(EvaluationKind.OtherCodes), .. Of(EvaluationKind.AllZero, "all-zero code"), .. Of(EvaluationKind.Fista, "FISTA on the same dictionary")];
    }

    private static string RowHtml(EvaluationRow row, int[] decimals)
    {
        string cause = row.MissingCause is { Length: > 0 } text ? $"<span class=\"cause\">{Html.Escape(text)}</span>" : "";
        string cells = string.Concat(row.Values.Select((value, column) => $"<td class=\"number\">{Numbers.Text(value, decimals[column])}</td>"));
        return $"<tr{(row.Kind == EvaluationKind.Codes ? " class=\"own\"" : "")}><th scope=\"row\">{Html.Escape(row.Name)}{cause}</th>{cells}</tr>";
    }

    private static string VerdictHtml(EvaluationTable table)
    {
        double codes = Objective(table, EvaluationKind.Codes), zero = Objective(table, EvaluationKind.AllZero), fista = Objective(table, EvaluationKind.Fista);
        int decimals = Numbers.Decimals([codes, zero, fista]);
        string Text(double value) => Numbers.Text(value, decimals);
        (string tone, string verdict) = BeatsAllZero(table) switch
        {
            true => ("good", $"The codes of this run beat the all-zero code: {Text(codes)} against {Text(zero)}, lower by {Text(zero - codes)}."),
            false when codes == zero => ("bad", $"The codes of this run do not beat the all-zero code: both score {Text(codes)}."),
            false => ("bad", $"The codes of this run do not beat the all-zero code: {Text(codes)} against {Text(zero)}, higher by {Text(codes - zero)}."),
            null => ("muted", "Whether the codes of this run beat the all-zero code is unknown: one of the two objectives is missing."),
        };
        string distance = double.IsNaN(codes) || double.IsNaN(fista) ? ""
            : codes == fista || Math.Abs(codes - fista) < 0.5 * Math.Pow(10, -decimals) ? $" FISTA on the same dictionary reaches the same, {Text(fista)}."
            : codes >= fista ? $" FISTA on the same dictionary reaches {Text(fista)}, lower by {Text(codes - fista)}."
            : $" FISTA on the same dictionary reaches only {Text(fista)}, higher by {Text(fista - codes)}: it has not converged.";
        return $"<p><span class=\"verdict {tone}\">{verdict}</span>{distance}</p>\n";
    }

    private static string Short(double value) => value.ToString("G6", CultureInfo.InvariantCulture);
}
