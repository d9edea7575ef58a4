using VariationalSparseCoding.Evaluation;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Inference;

namespace VariationalSparseCoding.Reporting.Tests;

/// <summary>Runs with convolutional generators and made-up numbers.</summary>
internal static class ImageRuns
{
    public const int Features = 3;

    public static Experiment Experiment(string source = DataOptions.FashionMnist)
    {
        var defaults = MethodTable.Find("thresholded-gaussian")!.Defaults(Fidelity.Equations, GeneratorKind.Convolutional);
        return defaults with
        {
            Data = defaults.Data with { Source = source, TrainSamples = 2048, ValidationSamples = 2 },
            Generator = defaults.Generator with { Atoms = Features },
            Sampling = defaults.Sampling with { Draws = 20 },
            Schedule = defaults.Schedule with { Epochs = 2 },
        };
    }

    /// <summary>Two images with codes of three features, the last of which is dead.</summary>
    /// <param name="shape">The images' shape.</param>
    /// <param name="originals">The two images, [2, D]; null for a ramp.</param>
    /// <param name="reconstructions">Their reconstructions, [2, D]; null for mid grey.</param>
    public static ImageEvaluation Evaluation(ImageShape shape, float[]? originals = null, float[]? reconstructions = null)
    {
        float[] Filled(int count, Func<int, float> value) => [.. Enumerable.Range(0, count).Select(value)];
        return new()
        {
            Experiment = Experiment(),
            Shape = shape,
            Step = 8,
            Draws = 20,
            Count = 2,
            Codes = [1, 0, 0, -2, 0.5f, 0],
            Results = [new(CodeKind.AsTrained, 0.0123, 1.75, 0.5), new(CodeKind.SingleDraw, 0.0234, 1.5, 0.4), new(CodeKind.Mean, 0.0345, 0.5, 1), new(CodeKind.ZeroCode, 0.0987, 0, 0)],
            MeanImageError = 0.0877,
            Originals = originals ?? Filled(2 * shape.Size, i => i % shape.Size / (float)shape.Size),
            Reconstructions = reconstructions ?? Filled(2 * shape.Size, _ => 0.5f),
            Traversals = [new(0, 1, [-2, 0, 2], Filled(3 * shape.Size, i => i / (3f * shape.Size))), new(1, 0.5, [-0.5f, 0, 0.5f], Filled(3 * shape.Size, _ => 1))],
        };
    }

    public static ImageRunReport Report(string name = "clothes", ImageEvaluation? evaluation = null) => new()
    {
        Name = name,
        Method = "Thresholded Gaussian",
        MethodDescription = "Gaussian samples through the shifted soft-threshold",
        Settings = [new("seed", name == "clothes" ? "0" : "1")],
        History = [new(1, 4, [new("squared error", 0.1)], [new("squared error", 0.2)]), new(2, 8, [new("squared error", 0.05)], [new("squared error", 0.1)])],
        Evaluation = evaluation ?? Evaluation(new(1, 4, 4)),
        Notes = ["A limit."],
        ReproduceCommand = "vsc train experiment.json",
    };
}
