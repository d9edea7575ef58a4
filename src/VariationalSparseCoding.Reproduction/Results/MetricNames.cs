
namespace VariationalSparseCoding.Reproduction.Results;

/// <summary>
/// Names of the numbers in a <see cref="RunResult"/>. Numbers of codes have an ending that says which codes: none for those as trained, and
/// those below. Terms of the objective have the names of <see cref="Evaluation.RunEvaluation.ToJson"/>.
/// </summary>
internal static class MetricNames
{
    /// <summary>1/2||x - Az||^2 + 20||z||_1.</summary>
    public const string Objective = "objective";

    /// <summary>The objective with 1e-3||A||_F^2: Table 1's validation loss.</summary>
    public const string ObjectiveTable1 = "objective_table1";

    /// <summary>||z||_1.</summary>
    public const string L1 = "l1";

    /// <summary>Codes that are not exactly zero, over all codes.</summary>
    public const string ActiveFraction = "active_fraction";

    /// <summary>Plug-in multi-information in bits, as published.</summary>
    public const string MultiInformation = "multi_information";

    /// <summary>The plug-in joint entropy as a fraction of log2 N, at which it saturates.</summary>
    public const string JointEntropySaturation = "joint_entropy_saturation";

    /// <summary>Total correlation of a Gaussian copula in bits.</summary>
    public const string CopulaCodes = "copula_total_correlation";

    /// <summary>The same of the codes' magnitudes.</summary>
    public const string CopulaMagnitudes = "copula_total_correlation_magnitudes";

    /// <summary>The importance-weighted bound on log p(x), in nats.</summary>
    public const string IwaeBound = "iwae_bound_nats";

    /// <summary>The negative bound in the units of the training loss, without the likelihood's constant.</summary>
    public const string IwaeBoundLoss = "iwae_bound_loss";

    /// <summary>The softmax-weighted training loss, as published.</summary>
    public const string IwaeSoftmaxLoss = "iwae_softmax_loss";

    /// <summary>Signal-to-noise ratio of the inference network's gradient.</summary>
    public const string SignalNetwork = "snr_inference_network";

    /// <summary>Signal-to-noise ratio of the dictionary's gradient.</summary>
    public const string SignalDictionary = "snr_dictionary";

    /// <summary>Ending of a signal-to-noise ratio: the median over parameters instead of the mean.</summary>
    public const string Median = "_median";

    /// <summary>Batches behind the signal-to-noise ratios.</summary>
    public const string SignalBatches = "snr_batches";

    /// <summary>Fraction of latents whose KL is at most 1e-2 on at least 95% of the samples.</summary>
    public const string PosteriorCollapse = "posterior_collapse";

    /// <summary>Fraction of features within 1e-2 of zero on at least 95% of the samples.</summary>
    public const string FeatureCollapse = "feature_collapse";

    /// <summary>Mean Jaccard index of the supports of single draws, eq. (13).</summary>
    public const string Jaccard = "jaccard";

    /// <summary>The same where each pass selects a code as in training, as in the authors' figure.</summary>
    public const string JaccardAsTrained = "jaccard_as_trained";

    /// <summary>Ending of a Jaccard index: what independent random supports of the same activity have. It follows from the activity and is not stored.</summary>
    public const string Chance = "_chance";

    /// <summary>Ending of a Jaccard index: the index divided by that of chance.</summary>
    public const string OverChance = "_over_chance";

    /// <summary>Atoms with ||a||^2 above 0.1.</summary>
    public const string UsedAtoms = "used_atoms";

    /// <summary>Pairs of used atoms whose cosine exceeds 0.9 in magnitude.</summary>
    public const string NearDuplicates = "near_duplicates";

    /// <summary>The largest cosine in magnitude between two atoms.</summary>
    public const string Coherence = "coherence";

    /// <summary>Median of the atoms' norms.</summary>
    public const string MedianNorm = "median_norm";

    /// <summary>Fraction of the used atoms that a Gabor function with at least half a cycle per patch explains by more than half (residual below 0.5 of the energy).</summary>
    public const string GaborFraction = "gabor_fraction";

    /// <summary>Median spatial frequency of those atoms, in cycles per pixel.</summary>
    public const string GaborFrequency = "gabor_median_frequency";

    /// <summary>Median over used atoms of the fraction of energy that the nearest Gabor function leaves.</summary>
    public const string GaborResidual = "gabor_median_residual";

    /// <summary>(1/D)||x - xhat||^2 of a convolutional generator, the mean over pixels.</summary>
    public const string SquaredError = "squared_error";

    /// <summary>KL of the posterior to the prior, the mean over samples of the sum over features, in nats.</summary>
    public const string Divergence = "kl";

    /// <summary>Frechet distance between the features of images and of their reconstructions from the best of 20 draws; which network's they are, the measurement says.</summary>
    public const string Frechet = "frechet_distance";

    /// <summary>The same by the published code, whose covariances are over images instead of features: for comparison only.</summary>
    public const string TransposedFrechet = "frechet_distance_transposed";

    /// <summary>Beginning: the largest point-biserial correlation in magnitude of a label with any feature; the label's name follows.</summary>
    public const string LargestCorrelation = "largest_correlation_";

    /// <summary>The mean over labels, as the name that follows <see cref="LargestCorrelation"/>.</summary>
    public const string MeanOverLabels = "mean_over_labels";

    /// <summary>Ending: the validation images' mean in place of each image.</summary>
    public const string MeanImage = "_mean_image";

    /// <summary>Ending: a single draw, J = 1.</summary>
    public const string SingleDraw = "_j1";

    /// <summary>Ending: the best of 20 draws.</summary>
    public const string BestOf20 = "_best_of_20";

    /// <summary>Ending: the posterior's mean.</summary>
    public const string Mean = "_mean";

    /// <summary>Ending: all features zero.</summary>
    public const string ZeroCode = "_zero_code";

    /// <summary>Ending: converged FISTA on the same dictionary.</summary>
    public const string ConvergedFista = "_fista";
}
