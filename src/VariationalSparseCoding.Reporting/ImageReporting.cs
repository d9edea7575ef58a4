using System.Globalization;
using VariationalSparseCoding.Evaluation;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Serialization;
using VariationalSparseCoding.Training;

namespace VariationalSparseCoding.Reporting;

/// <summary>The report and pictures of a run with a convolutional generator.</summary>
public static class ImageReporting
{
    private const int PaperEpochs = 300;

    /// <summary>Writes the pictures and the report of a run.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="evaluation">Its evaluation.</param>
    /// <param name="reportFile">The page; null for the run's own.</param>
    public static void Write(RunFolder folder, ImageEvaluation evaluation, string? reportFile = null)
    {
        WritePicture(folder.ReconstructionsPicture, Reconstructions(evaluation, FigureStyle.Light));
        WritePicture(folder.TraversalsPicture, Traversals(evaluation, FigureStyle.Light));
        AtomicFile.WriteText(reportFile ?? folder.ReportFile, Render(folder, evaluation));
    }

    /// <summary>The result of every kind of codes, as a table.</summary>
    /// <param name="evaluation">The evaluation.</param>
    public static EvaluationTable Table(ImageEvaluation evaluation) => new()
    {
        L1Weight = 0,
        SampleCount = evaluation.Count,
        Columns = ["squared error", "‖z‖₁", "active"],
        Rows =
        [
            .. evaluation.Results.Select(result => new EvaluationRow(result.Kind == CodeKind.AsTrained ? EvaluationKind.Codes : result.Kind == CodeKind.ZeroCode ? EvaluationKind.AllZero : EvaluationKind.OtherCodes,
                Name(evaluation, result.Kind), [result.SquaredError, result.L1, result.ActiveFraction])),
            new(EvaluationKind.OtherCodes, "the mean image in place of every image", [evaluation.MeanImageError, double.NaN, double.NaN]),
        ],
    };

    /// <summary>Validation images above their reconstructions, with the squared error below.</summary>
    /// <param name="evaluation">The evaluation.</param>
    /// <param name="style">Colours.</param>
    /// <returns>A PNG file.</returns>
    public static byte[] Reconstructions(ImageEvaluation evaluation, FigureStyle style)
    {
        var (shape, size) = (evaluation.Shape, evaluation.Shape.Size);
        int count = evaluation.Originals.Length / size;
        string[] errors = [.. Enumerable.Range(0, count).Select(row => Numbers.Text(Error(row), 4))];
        return ImageStrips.Draw([new("original", "", new(evaluation.Originals, count, size), []), new("reconstruction", "squared error", new(evaluation.Reconstructions, count, size), errors)], Drawn(shape), style);

        double Error(int row) => evaluation.Originals.AsSpan(row * size, size).ToArray().Zip(evaluation.Reconstructions.Skip(row * size), (x, y) => (double)(x - y) * (x - y)).Average();
    }

    /// <summary>The most active features, one row each, swept over their range.</summary>
    /// <param name="evaluation">The evaluation.</param>
    /// <param name="style">Colours.</param>
    /// <returns>A PNG file.</returns>
    public static byte[] Traversals(ImageEvaluation evaluation, FigureStyle style) => ImageStrips.Draw(
        [.. evaluation.Traversals.Select(traversal => new ImageStrip($"feature {traversal.Feature}", $"active on {Numbers.Percent(traversal.ActiveFraction)}",
            new(traversal.Images, traversal.Values.Length, evaluation.Shape.Size), [.. traversal.Values.Select(value => Numbers.Text(value, 2))]))],
        Drawn(evaluation.Shape), style);

    private static string Render(RunFolder folder, ImageEvaluation evaluation)
    {
        var experiment = evaluation.Experiment;
        var method = MethodTable.Find(experiment.Method)!;
        string name = RunReporting.NameOf(folder);
        var (active, magnitudes) = RunReporting.Usage(new(evaluation.Codes, evaluation.Count, experiment.Generator.Atoms));
        int[] dead = [.. Enumerable.Range(0, active.Length).Where(feature => active[feature] == 0)];
        return Html.Page($"Sparse coding run {name}", "", string.Concat(
            $"<p class=\"method\">{Html.Escape(method.PaperRow)}: {Html.Escape(method.Summary)}</p>\n",
            Tiles(evaluation, active, dead.Length),
            Html.Card("What was run", $"<div class=\"columns\"><div>{Html.NameValueTable(RunReporting.KeySettings(experiment))}</div><div>{Html.NameValueTable(RunReporting.Environment(experiment, evaluation.Step))}</div></div>"
                + RunSection.AllSettings(RunReporting.AllSettings(experiment))),
            Result(evaluation),
            Html.Card("Reconstructions", Html.Figure(style => Reconstructions(evaluation, style), "Validation images above their reconstructions",
                $"Validation images, and what the generator makes of the best of {evaluation.Samples} codes; below the squared error, a mean over pixels.", "scroll")),
            Html.Card("Latent traversals", evaluation.Traversals.Count == 0 ? Html.Paragraph($"{Numbers.Missing} no feature is active.") : Html.Figure(style => Traversals(evaluation, style), "The most active features, each swept over its range",
                "One row for each of the most active features: in the code on which it is strongest it runs from minus to plus its largest magnitude, while the others stay. Below is its value.", "scroll")),
            RunSection.CurvesCard(RunReporting.History(folder), name),
            RunSection.ActivityCard(active, magnitudes, null, name, "feature"),
            RunSection.DeadCard(dead, active.Length, "feature"),
            Html.Card("Limits", Html.List(Limits(experiment))),
            Html.Card("How to reproduce", $"<pre><code>{Html.Escape(RunReporting.ReproduceCommand(folder))}</code></pre>")));
    }

    private static string Tiles(ImageEvaluation evaluation, float[] active, int dead) => RunSection.Tiles(
        ("squared error of the codes", Numbers.Text(evaluation[CodeKind.AsTrained].SquaredError, 4)),
        ("of a single sample", Numbers.Text(evaluation[CodeKind.SingleSample].SquaredError, 4)),
        ("of the mean image", Numbers.Text(evaluation.MeanImageError, 4)),
        ("mean active fraction", Numbers.Percent(evaluation[CodeKind.AsTrained].ActiveFraction)),
        ("dead features", $"{dead} of {active.Length}"));

    private static string Result(ImageEvaluation evaluation)
    {
        var table = Table(evaluation);
        string sentence = string.Create(CultureInfo.InvariantCulture,
            $"The squared error is (1/D)‖x − x̂‖² with values in [0, 1]: a mean over pixels and over {evaluation.Count:N0} validation images. Lower is better; a code that is worth its place is below the mean image.");
        string Row(EvaluationRow row) =>
            $"<tr{(row.Kind == EvaluationKind.Codes ? " class=\"own\"" : "")}><th scope=\"row\">{Html.Escape(row.Name)}</th>"
            + $"<td class=\"number\">{Numbers.Text(row.Values[0], 5)}</td><td class=\"number\">{Numbers.Text(row.Values[1], 2)}</td><td class=\"number\">{Numbers.Percent(row.Values[2])}</td></tr>";
        return Html.Card("Result", Html.Paragraph(sentence) + Html.Table(["codes", .. table.Columns], numeric: true, table.Rows.Select(Row)));
    }

    private static IEnumerable<string> Limits(Experiment experiment)
    {
        yield return "Validation images are those of the test split, as in the published experiments; nothing was selected on them.";
        if (experiment.Schedule.Epochs < PaperEpochs)
            yield return string.Create(CultureInfo.InvariantCulture, $"The paper trains for {PaperEpochs} epochs on all images; this run had {experiment.Schedule.Epochs} epochs of {experiment.Data.TrainSamples:N0} images. Its numbers are not the paper's.");
        yield return "Best-of-J codes are selected by looking at the image that they reconstruct: a single sample is the fairer measure of the inference network.";
    }

    private static string Name(ImageEvaluation evaluation, CodeKind kind) => kind switch
    {
        CodeKind.AsTrained => evaluation.Experiment.Sampling.Selection == SampleSelection.Max && evaluation.Samples > 1 ? $"best of {evaluation.Samples} samples" : "a sample, as trained",
        CodeKind.SingleSample => "single sample",
        CodeKind.Mean => "posterior mean",
        _ => "all-zero code",
    };

    private static SampleShape Drawn(Data.ImageShape shape) => SampleShape.Patch(shape.Height, shape.Width, shape.Channels);

    private static void WritePicture(string path, byte[] png) => AtomicFile.Write(path, stream => stream.Write(png));
}
