namespace VariationalSparseCoding.Reporting.Tests;

public class EvaluationSectionTests
{
    private static string Render(double objective, EvaluationKind? without = null, double frobeniusWeight = 1e-3)
    {
        EvaluationTable table = SampleRuns.Evaluation(objective);
        return EvaluationSection.Render(SampleRuns.Words() with
        {
            Evaluation = table with { Rows = [.. table.Rows.Where(row => row.Kind != without)], FrobeniusWeight = frobeniusWeight },
        });
    }

    [Theory]
    [InlineData(118.4, "The codes of this run beat the all-zero code: 118.4 against 131.3, lower by 12.9.")]
    [InlineData(150.2, "The codes of this run do not beat the all-zero code: 150.2 against 131.3, higher by 18.9.")]
    [InlineData(131.3, "The codes of this run do not beat the all-zero code: both score 131.3.")]
    [InlineData(double.PositiveInfinity, "do not beat the all-zero code: ∞ against 131.3")]
    [InlineData(double.NaN, "is unknown")]
    public void The_verdict_is_put_in_words(double objective, string verdict) =>
        Assert.Contains(verdict, Render(objective), StringComparison.Ordinal);

    [Fact]
    public void The_distance_to_the_converged_solution_is_named()
    {
        Assert.Contains("FISTA on the same dictionary reaches 61.7, lower by 56.7.", Render(118.4), StringComparison.Ordinal);
        Assert.Contains("FISTA on the same dictionary reaches the same, 61.7.", Render(61.719), StringComparison.Ordinal);
        Assert.Contains("has not converged", Render(60), StringComparison.Ordinal);
    }

    [Fact]
    public void The_objective_is_explained_with_its_weights()
    {
        string html = Render(118.4);
        Assert.Contains("½‖x − Az‖² + λ‖z‖<sub>1</sub> + κ‖A‖<sub>F</sub>² with λ = 20 and κ = 0.001: its mean over 16,000 validation patches x. Lower is better.", html, StringComparison.Ordinal);
        Assert.DoesNotContain("κ", Render(118.4, frobeniusWeight: 0), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(EvaluationKind.AllZero), "all-zero code")]
    [InlineData(nameof(EvaluationKind.Fista), "FISTA on the same dictionary")]
    public void A_missing_baseline_is_shown_as_missing(string kind, string name)
    {
        string html = Render(118.4, without: Enum.Parse<EvaluationKind>(kind));
        Assert.Contains($"<th scope=\"row\">{name}<span class=\"cause\">not computed</span></th><td class=\"number\">–</td>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_value_names_its_cause()
    {
        Assert.Contains("this run, posterior mode<span class=\"cause\">a thresholded posterior&#39;s mode is not defined</span></th><td class=\"number\">–</td>", Render(118.4), StringComparison.Ordinal);
    }
}
