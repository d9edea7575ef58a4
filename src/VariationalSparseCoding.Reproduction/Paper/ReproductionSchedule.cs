using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Reproduction.Paper;

/// <summary>How long the runs of a reproduction are, and on how many samples.</summary>
/// <param name="Name">Name on the command line and in results.</param>
/// <param name="Summary">One line for humans.</param>
/// <param name="Apply">Puts the schedule into an experiment of the paper.</param>
internal sealed record ReproductionSchedule(string Name, string Summary, Func<Experiment, Experiment> Apply)
{
    // Of images: so many steps that a sweep over methods and sizes takes an evening on two cores.
    private const int ImageEpochs = 12, ImageBatch = 128, TrainImages = 12_800;

    /// <summary>The paper's: 80,000 and 16,000 patches, 300 epochs; all images, 300 epochs.</summary>
    public static ReproductionSchedule Paper { get; } = new("paper", "80,000 training and 16,000 validation patches, 300 epochs (240,000 steps); all images, 300 epochs: the paper's",
        experiment => IsOfImages(experiment) ? experiment : Sized(experiment, 80_000, 16_000, 300));

    /// <summary>A twelfth of the paper's steps on patches, a thirtieth on images, for a processor.</summary>
    public static ReproductionSchedule Compact { get; } = new("compact",
        "20,000 training and 4,000 validation patches, 100 epochs (20,000 steps), warm-ups as in the paper, in steps; 12,800 and 2,000 images, 12 epochs of batches of 128 (1,200 steps), learning rate 1e-3, warm-ups within the first tenth",
        experiment => IsOfImages(experiment) ? CompactImages(experiment) : Sized(experiment, 20_000, 4_000, 100));

    /// <summary>A few steps of a small model: shows that everything runs, and nothing else.</summary>
    public static ReproductionSchedule Smoke { get; } = new("smoke", "a few steps on a few samples: shows that everything runs, its numbers mean nothing", experiment =>
    {
        bool isOfImages = IsOfImages(experiment);
        var sized = isOfImages ? Sized(experiment, 8, 6, 2) : Sized(experiment, 60, 40, 2);
        return sized with
        {
            Data = sized.Data with { PatchSize = 4 },
            Generator = sized.Generator with { Atoms = 8 },
            Sampling = isOfImages ? sized.Sampling with { Draws = 2 } : sized.Sampling,
            Schedule = sized.Schedule with { BatchSize = isOfImages ? 4 : 20, WarmUp = sized.Schedule.WarmUp with { Start = 0, Increment = 0.5 } },
        };
    });

    /// <summary>All schedules.</summary>
    public static IReadOnlyList<ReproductionSchedule> All { get; } = [Paper, Compact, Smoke];

    /// <summary>The schedule of a name.</summary>
    /// <param name="name">A <see cref="Name"/>.</param>
    /// <exception cref="InvalidInputException">There is none.</exception>
    public static ReproductionSchedule Find(string name) => All.FirstOrDefault(schedule => schedule.Name == name)
        ?? throw new InvalidInputException($"unknown schedule '{name}'{Spelling.Suggestion(name, All.Select(schedule => schedule.Name))}");

    private static Experiment Sized(Experiment experiment, int train, int validation, int epochs) => experiment with
    {
        Data = experiment.Data with { TrainSamples = train, ValidationSamples = validation },
        Schedule = experiment.Schedule with { Epochs = epochs },
    };

    private static bool IsOfImages(Experiment experiment) => experiment.Generator.Kind == GeneratorKind.Convolutional;

    private static Experiment CompactImages(Experiment experiment)
    {
        var sized = Sized(experiment, TrainImages, 2_000, ImageEpochs);
        int warmUpSteps = ImageEpochs * (TrainImages / ImageBatch) / 10;
        var warmUp = sized.Schedule.WarmUp;
        return sized with
        {
            Schedule = sized.Schedule with { BatchSize = ImageBatch, LearningRate = 1e-3, WarmUp = warmUp with { Start = 0, Increment = warmUp.Initial == 1 ? warmUp.Increment : (1 - warmUp.Initial) / warmUpSteps } },
        };
    }
}
