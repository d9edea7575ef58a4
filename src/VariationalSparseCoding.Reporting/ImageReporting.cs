using System.Globalization;
using VariationalSparseCoding.Evaluation;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Runs;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Reporting;

/// <summary>The report and pictures of a run with a convolutional generator.</summary>
internal static class ImageReporting
{
    private const int PaperEpochs = 300;

    /// <summary>Writes the pictures and the report of a run.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="evaluation">Its evaluation.</param>
    /// <param name="reportFile">The page; null for the run's own.</param>
    public static void Write(RunFolder folder, ImageEvaluation evaluation, string? reportFile = null)
    {
        if (reportFile is null)
        {
            WritePicture(folder.ReconstructionsPicture, Reconstructions(evaluation, FigureStyle.Light));
            WritePicture(folder.TraversalsPicture, Traversals(evaluation, FigureStyle.Light));
        }
        HtmlReport.Write(reportFile ?? folder.ReportFile, [Describe(folder, evaluation)]);
    }

    /// <summary>Puts together what the report says about a run.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="evaluation">Its evaluation.</param>
    public static ImageRunReport Describe(RunFolder folder, ImageEvaluation evaluation)
    {
        var method = MethodTable.Find(evaluation.Experiment.Method)!;
        return new()
        {
            Name = RunReporting.NameOf(folder),
            Method = method.PaperRow,
            MethodDescription = method.Summary,
            Settings = RunReporting.KeySettings(evaluation.Experiment),
            AllSettings = RunReporting.AllSettings(evaluation.Experiment),
            Environment = RunReporting.Environment(evaluation.Experiment, evaluation.Step),
            History = RunReporting.History(folder),
            Evaluation = evaluation,
            Notes = [.. Limits(evaluation)],
            ReproduceCommand = RunReporting.ReproduceCommand(folder),
        };
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
                NameOf(evaluation, result.Kind), [result.SquaredError, result.L1, result.ActiveFraction])),
            new(EvaluationKind.OtherCodes, "the mean image in place of every image", [evaluation.MeanImageError, double.NaN, double.NaN]) { Label = "mean image" },
        ],
    };

    /// <summary>Validation images above their reconstructions, with the squared error below.</summary>
    /// <param name="evaluation">The evaluation.</param>
    /// <param name="style">Colours.</param>
    /// <returns>A PNG file.</returns>
    public static byte[] Reconstructions(ImageEvaluation evaluation, FigureStyle style) => ImageStrips.Draw(
        [new("original", "", new(evaluation.Originals, evaluation.Originals.Length / evaluation.Shape.Size, evaluation.Shape.Size), []), ReconstructionStrip(evaluation, "reconstruction")],
        Drawn(evaluation.Shape), style);

    /// <summary>The most active features, one row each, swept over their range.</summary>
    /// <param name="evaluation">The evaluation.</param>
    /// <param name="style">Colours.</param>
    /// <returns>A PNG file.</returns>
    public static byte[] Traversals(ImageEvaluation evaluation, FigureStyle style) => ImageStrips.Draw(
        [.. evaluation.Traversals.Select(traversal => new ImageStrip($"feature {traversal.Feature}", $"active on {Numbers.Percent(traversal.ActiveFraction)}",
            new(traversal.Images, traversal.Values.Length, evaluation.Shape.Size), [.. traversal.Values.Select(value => Numbers.Text(value, 2))]))],
        Drawn(evaluation.Shape), style);

    internal static ImageStrip ReconstructionStrip(ImageEvaluation evaluation, string label)
    {
        int size = evaluation.Shape.Size, count = evaluation.Reconstructions.Length / size;
        string Error(int row) => Numbers.Text(SquaredError(evaluation.Originals, evaluation.Reconstructions, size, row), ImageSection.ErrorDecimals);
        return new(label, "squared error", new(evaluation.Reconstructions, count, size), [.. Enumerable.Range(0, count).Select(Error)]);
    }

    /// <summary>(1/D)||x - xhat||^2 of one image.</summary>
    internal static double SquaredError(float[] originals, float[] reconstructions, int size, int row)
    {
        double sum = 0;
        for (int i = row * size; i < (row + 1) * size; i++)
        {
            double residual = originals[i] - reconstructions[i];
            sum += residual * residual;
        }
        return sum / size;
    }

    internal static SampleShape Drawn(ImageShape shape) => SampleShape.Patch(shape.Height, shape.Width, shape.Channels);

    internal static string NameOf(ImageEvaluation evaluation, CodeKind kind) => kind switch
    {
        CodeKind.AsTrained => IsBestOfSeveral(evaluation) ? $"best of {evaluation.Draws} draws, as trained" : "one draw, as trained",
        CodeKind.SingleDraw => "one draw",
        CodeKind.Mean => "posterior mean (default codes)",
        _ => "all-zero code",
    };

    private static bool IsBestOfSeveral(ImageEvaluation evaluation) => evaluation.Experiment.Sampling.Selection == DrawSelection.Max && evaluation.Draws > 1;

    private static IEnumerable<string> Limits(ImageEvaluation evaluation)
    {
        var (data, schedule) = (evaluation.Experiment.Data, evaluation.Experiment.Schedule);
        int? paperImages = data.Source switch { DataOptions.FashionMnist => 60_000, DataOptions.CelebA => 150_000, _ => null };
        yield return paperImages is null
            ? "Validation images are drawn from the same folder as the training images: validation is a test on new images only as far as the folder holds no near-copies. The paper has no numbers for these images."
            : "Validation images are those of the test split, as in the published experiments: what is chosen by these numbers, such as one run among several, is chosen on test images.";
        if (paperImages is { } images && (schedule.Epochs < PaperEpochs || data.TrainSamples < images))
            yield return string.Create(CultureInfo.InvariantCulture,
                $"This is not the paper's schedule: it trains for {PaperEpochs} epochs of {images:N0} images, this run had {schedule.Epochs:N0} of {data.TrainSamples:N0}. Its numbers are not the paper's, and a longer training would change them.");
        if (evaluation.Count < 1000)
            yield return string.Create(CultureInfo.InvariantCulture, $"With {evaluation.Count:N0} validation images, a feature that is rarely active can be counted as dead.");
        if (IsBestOfSeveral(evaluation))
            yield return $"The best of {evaluation.Draws} draws is chosen by looking at the image that it reconstructs: one draw is the fairer measure of the inference network.";
    }

    private static void WritePicture(string path, byte[] png) => AtomicFile.Write(path, stream => stream.Write(png));
}
