using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Reporting;
using VariationalSparseCoding.Reproduction.Paper;
using VariationalSparseCoding.Reproduction.Results;

namespace VariationalSparseCoding.Reproduction.Document;

/// <summary>A reproduction as one HTML file that needs no other file and no network.</summary>
internal static class ReproductionPage
{
    /// <summary>The page.</summary>
    /// <param name="results">The results of one schedule, at least one.</param>
    /// <param name="sections">What is shown, in order.</param>
    public static string Render(ResultSet results, IReadOnlyList<ReproductionSection> sections)
    {
        string links = $"<nav>{string.Concat(sections.Select(section => $"<a href=\"#{section.Target.Name}\">{Html.Escape(section.Target.Name)}</a>"))}<a href=\"#claims\">claims</a><a href=\"#settings\">settings</a></nav>";
        return Html.Page($"Reproduction at the {results.All[0].Schedule} schedule", links,
            Html.Card("What was run", string.Concat(ReproductionText.Introduction(results).Select(Html.Paragraph)))
            + string.Concat(sections.Select(section => SectionHtml(section, results))) + Claims(results) + Settings(results));
    }

    private static string SectionHtml(ReproductionSection section, ResultSet results)
    {
        string order = string.Concat(section.Target.Content.Order(section.Target, results).Select(Html.Paragraph));
        string figure = section.Figure is not { } shown ? ""
            : Html.Figure(shown.ForPages, section.Target.Title, shown.Caption, "scroll wide");
        return $"<div id=\"{section.Target.Name}\">{Html.Card(section.Target.Title, figure + order + ResultTableText.HtmlOf(section.Table))}</div>\n";
    }

    private static string Claims(ResultSet results)
    {
        var rows = ReproductionText.Claims(results).Select(claim =>
        {
            var verdict = claim.Judge(results);
            string tone = verdict switch { Verdict.Confirmed => "good", Verdict.Refuted => "bad", _ => "muted" };
            return $"<tr><th scope=\"row\">{Html.Escape(claim.Statement)}<span class=\"cause\">{Html.Escape(claim.Source)}; {Html.Escape(claim.Criterion)}</span></th>"
                + $"<td><span class=\"verdict {tone}\">{ClaimText.Name(verdict)}</span></td><td>{Html.Escape(ClaimText.Evidence(claim, results))}</td></tr>";
        });
        return $"<div id=\"claims\">{Html.Card("The paper's claims on these data", Html.Paragraph(ClaimText.Rule) + Html.Table(["claim", "verdict", "numbers"], numeric: false, rows))}</div>\n";
    }

    private static string Settings(ResultSet results)
    {
        var perVariant = results.All.GroupBy(result => result.Variant).Select(group => group.First().Experiment with { CreatedWith = "", Seed = 0 }).Select(experiment =>
            $"<details><summary>{Html.Escape(experiment.Description)}</summary>{Html.NameValueTable([.. ExperimentJson.Settings(experiment).Where(setting => setting.Value.Length > 0 && setting.Path != "seed").Select(setting => new NamedText(setting.Path, setting.Value))])}</details>\n");
        return $"<div id=\"settings\">{Html.Card("Settings", string.Concat(perVariant) + Html.List(ReproductionText.Versions(results)))}</div>\n";
    }
}
