namespace VariationalSparseCoding.Experiments;

/// <summary>
/// The one place where settings follow from the samples' size and the run's length (docs/mathematics.md section 12). Presets and the methods' defaults are made for certain data and
/// a certain number of steps; here they are carried over to others. Where size and length are those, nothing changes; and what a person has set is never changed.
/// </summary>
/// <param name="described">The settings, with numbers of samples and epochs; whatever nobody has set is the origin's.</param>
/// <param name="isGiven">Whether a person has set a key, such as "objective.lambda".</param>
internal sealed class DerivedSettings(Experiment described, Func<string, bool> isGiven)
{
    /// <summary>The share of a run within which the noise's scale, MAP inference's lambda and the spikes' temperature reach their last values.</summary>
    private const double WarmUpShare = 0.1;

    // From here on the paper's network, of 20 D^2 weights, is kept from growing with D^2.
    private const int WideDimension = 512, MostUnits = 4 * WideDimension;

    // An autoencoder's rate of so many features is the method's; of few features a step may not be too long for atoms of norm 1.
    private const int RateFeatures = 1536;
    private const double LargestRate = 0.01;

    private const double FashionMnistDimension = 28 * 28, CelebADimension = 3 * 64 * 64;

    // The paper's patches, which the methods' defaults for vectors are made for.
    private const double PatchDimension = 16 * 16;

    /// <summary>Settings with the data and the length that they were made for.</summary>
    /// <param name="Settings">The experiment.</param>
    /// <param name="KlFollowsLambda">Whether the KL stands for the 1-norm: beta is 2 lambda b0 / D, so that a unit of the posterior's shift costs lambda.</param>
    private sealed record Origin(Experiment Settings, bool KlFollowsLambda)
    {
        public double Dimension => Settings.Data switch
        {
            { Source: DataOptions.FashionMnist } => FashionMnistDimension,
            { Source: DataOptions.CelebA } => CelebADimension,
            var data => data.PatchSize * data.PatchSize,
        };
    }

    /// <summary>Returns the settings carried over to samples of a size, and to the run's length.</summary>
    /// <param name="preset">The preset on which they are based; null for the method's defaults.</param>
    /// <param name="dimension">D.</param>
    /// <param name="keepsSchedule">Whether warm-ups and temperatures stay as they are, in steps.</param>
    public Experiment From(Preset? preset, int dimension, bool keepsSchedule = false)
    {
        var origin = OriginOf(preset);
        var sized = ForSize(origin, dimension);
        return keepsSchedule ? sized : sized with { Schedule = ForLength(origin, sized.Schedule) };
    }

    private Origin OriginOf(Preset? preset)
    {
        if (preset is not null && preset.Resolve(described.Method, described.Fidelity) is var settings && settings.Generator.Kind == described.Generator.Kind)
            return new(settings, preset == Presets.SparseCoding);
        return new(MethodTable.Find(described.Method)!.Defaults(described.Fidelity, described.Generator.Kind), false);
    }

    /// <summary>Returns lambda of a method's defaults for standardised vectors.</summary>
    /// <param name="dimension">D.</param>
    public static double UsualLambda(int dimension) => new ObjectiveOptions().Lambda * NoiseOfVectors(dimension / PatchDimension);

    /// <summary>Returns the KL's weight of a method's defaults for standardised vectors.</summary>
    /// <param name="dimension">D.</param>
    public static double UsualKlWeight(int dimension) => KlWeightOfVectors(new ObjectiveOptions().KlWeight, dimension / PatchDimension);

    /// <summary>
    /// Returns how many times the paper's the variance D beta / 2 is of the noise in each value that beta, beside the mean of squared values, stands for. With Gaussian codes a direction
    /// of the samples is worth coding where its variance is greater. That bound stays where it is for larger samples. For smaller ones it falls with D, as the variances do, which sum
    /// to D: where it is above all of them, the posterior stays at the prior and the dictionary learns nothing.
    /// </summary>
    private static double NoiseOfVectors(double relativeSize) => Math.Min(1, relativeSize);

    /// <summary>Returns a KL weight for such noise: beta is twice its variance over D.</summary>
    private static double KlWeightOfVectors(double made, double relativeSize) => made / Math.Max(1, relativeSize);

    /// <summary>
    /// Lambda is such a variance over a Laplacian's scale, and so in proportion to it. With the preset 'sparse-coding' the entries of atoms keep their size, so that
    /// lambda grows as D, and beta, which stands for the 1-norm, follows lambda. With a convolutional generator beta D stays.
    /// </summary>
    private Experiment ForSize(Origin origin, int dimension)
    {
        var (made, objective) = (origin.Settings, described.Objective);
        double relativeSize = dimension / origin.Dimension;
        bool isOfVectors = described.Generator.Kind == GeneratorKind.Linear && !origin.KlFollowsLambda;
        double lambda = isGiven("objective.lambda") ? objective.Lambda : made.Objective.Lambda * (isOfVectors ? NoiseOfVectors(relativeSize) : relativeSize);
        double klWeight = isOfVectors ? KlWeightOfVectors(made.Objective.KlWeight, relativeSize) : made.Objective.KlWeight / relativeSize;
        if (origin.KlFollowsLambda) klWeight *= lambda / made.Objective.Lambda * (LaplaceScale(described) / LaplaceScale(made));
        return Gated(described, dimension) with
        {
            Objective = objective with { Lambda = lambda, KlWeight = isGiven("objective.klWeight") ? objective.KlWeight : klWeight },
            Generator = origin.KlFollowsLambda && !isGiven("generator.initialNorm")
                ? described.Generator with { InitialNorm = made.Generator.InitialNorm * Math.Sqrt(relativeSize) }
                : described.Generator,
            Network = dimension > WideDimension && described.Generator.Kind == GeneratorKind.Linear && !isGiven("network.mostUnits")
                ? described.Network with { MostUnits = MostUnits }
                : described.Network,
        };
    }

    /// <summary>
    /// An autoencoder's number of active features follows from the sizes, and its learning rate from the number of features: the best rate falls about as the root of it
    /// (docs/mathematics.md section 13).
    /// </summary>
    private Experiment Gated(Experiment experiment, int dimension)
    {
        if (MethodTable.Find(experiment.Method)!.Gate is null) return experiment;
        int features = experiment.Generator.Atoms;
        double rate = Math.Min(LargestRate, Method.AutoencoderRate * Math.Sqrt((double)RateFeatures / features));
        return experiment with
        {
            Sparsity = experiment.Sparsity with { Active = experiment.Sparsity.ActiveOf(dimension, features) },
            Schedule = isGiven("schedule.learningRate") ? experiment.Schedule : experiment.Schedule with { LearningRate = rate },
        };
    }

    private ScheduleOptions ForLength(Origin origin, ScheduleOptions schedule)
    {
        double steps = Steps(described), made = Steps(origin.Settings), warmUpSteps = Math.Max(1, WarmUpShare * steps);
        if (steps == made) return schedule;
        return schedule with
        {
            WarmUp = IsPaced("schedule.warmUp") ? schedule.WarmUp : Within(schedule.WarmUp, warmUpSteps),
            KlWarmUp = IsPaced("schedule.klWarmUp") ? schedule.KlWarmUp : Stretched(schedule.KlWarmUp, steps / made),
            Temperature = isGiven("schedule.temperature.decay") ? schedule.Temperature : Within(schedule.Temperature, warmUpSteps),
        };
    }

    /// <summary>Whether a person has said how fast a warm-up goes.</summary>
    private bool IsPaced(string warmUp) => isGiven($"{warmUp}.start") || isGiven($"{warmUp}.increment");

    private static double Steps(Experiment experiment) => Math.Max(1, (double)experiment.Schedule.Epochs * (experiment.Data.TrainSamples / Math.Max(1, experiment.Schedule.BatchSize)));

    private static double LaplaceScale(Experiment experiment) => MethodTable.Find(experiment.Method)!.Family.LaplaceScale(experiment.Posterior.PriorSpread);

    private static WarmUp Within(WarmUp warmUp, double steps) => warmUp.Initial < 1 ? warmUp with { Start = 0, Increment = (1 - warmUp.Initial) / steps } : warmUp;

    private static WarmUp Stretched(WarmUp warmUp, double factor) =>
        warmUp.Initial < 1 ? warmUp with { Start = (int)Math.Min(int.MaxValue, warmUp.Start * factor), Increment = warmUp.Increment / factor } : warmUp;

    private static TemperatureOptions Within(TemperatureOptions temperature, double steps) =>
        temperature with { Decay = Math.Min(temperature.Decay, Math.Pow(temperature.Floor, 1 / steps)) };
}
