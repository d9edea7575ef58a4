namespace VariationalSparseCoding.Experiments;

/// <summary>A setting in which two experiments differ.</summary>
/// <param name="Path">Its path, such as "schedule.epochs".</param>
/// <param name="Saved">Its value in the saved experiment.</param>
/// <param name="Now">Its value in the present one.</param>
internal sealed record SettingDifference(string Path, string Saved, string Now);

/// <summary>Compares experiments by the settings that decide a run's result.</summary>
internal static class ExperimentDiff
{
    /// <summary>
    /// Settings that leave the result as it is, up to rounding: words for humans, the place of the data, the machine's part. The precision of the
    /// computations is not among them.
    /// </summary>
    private static readonly string[] Circumstances = ["description", "createdWith", "data.root", "compute.threads", "compute.device"];

    /// <summary>Finds the first setting that makes two experiments different runs.</summary>
    /// <param name="saved">The experiment of a file.</param>
    /// <param name="now">The experiment that is asked for.</param>
    /// <param name="exempt">Paths of further settings that may differ.</param>
    /// <returns>The setting; null where the experiments are the same run.</returns>
    public static SettingDifference? First(Experiment saved, Experiment now, params IReadOnlyList<string> exempt) =>
        ExperimentJson.Settings(saved).Zip(ExperimentJson.Settings(now), (before, after) => new SettingDifference(before.Path, before.Value, after.Value))
            .FirstOrDefault(setting => setting.Saved != setting.Now && !Circumstances.Contains(setting.Path) && !exempt.Contains(setting.Path));
}
