using System.Buffers;
using System.Globalization;
using VariationalSparseCoding.Data;
using VariationalSparseCoding.Evaluation;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Metrics;
using VariationalSparseCoding.Runs;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Reporting;

/// <summary>Turns a run and its evaluation into a report.</summary>
internal static class RunReporting
{
    private static readonly SearchValues<char> plain = SearchValues.Create($"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.,:+@%=/{Path.DirectorySeparatorChar}");

    private const int ShownReconstructions = 10, StrongestAtoms = 16, TopSamples = 10;

    /// <summary>Writes the report of a run, and the dictionary's picture beside it if it goes to the run's folder.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="evaluation">Its evaluation.</param>
    /// <param name="reportFile">The page, and then nothing else is written; null for the run's own.</param>
    public static void Write(RunFolder folder, RunEvaluation evaluation, string? reportFile = null)
    {
        var report = Describe(folder, evaluation);
        if (reportFile is null)
        {
            byte[] picture = Figures.DictionaryGrid(report.Dictionary, report.Shape, FigureStyle.Light);
            AtomicFile.Write(folder.DictionaryPicture, stream => stream.Write(picture));
        }
        HtmlReport.Write(reportFile ?? folder.ReportFile, [report]);
    }

    /// <summary>Puts together what the report says about a run.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="evaluation">Its evaluation.</param>
    public static RunReport Describe(RunFolder folder, RunEvaluation evaluation)
    {
        var experiment = evaluation.Experiment;
        var method = MethodTable.Find(experiment.Method)!;
        int atoms = experiment.Generator.Atoms, dimension = evaluation.Preprocessing.Dimension, count = evaluation.Validation.Length / dimension;
        var codes = new SampleMatrix(evaluation.DefaultCodes, count, atoms);
        var samples = new SampleMatrix(evaluation.Validation, count, dimension);
        var dictionary = new SampleMatrix(evaluation.Dictionary, dimension, atoms);
        var (active, magnitudes) = Usage(codes);
        var trained = Row(evaluation, evaluation.Objectives.Single(one => one.Kind == (evaluation.IsAutoencoder ? CodeKind.Encoder : CodeKind.AsTrained)));
        return new()
        {
            Name = NameOf(folder),
            Method = method.PaperRow,
            MethodDescription = method.Summary,
            Settings = KeySettings(experiment),
            AllSettings = AllSettings(experiment),
            Environment = Environment(experiment, evaluation.Step),
            History = History(folder),
            Shape = evaluation.Preprocessing.PatchSize is { } size ? SampleShape.Patch(size, size) : SampleShape.Vector(dimension),
            Dictionary = dictionary,
            ActiveFractions = active,
            MeanMagnitudes = magnitudes,
            DeadAtoms = [.. Enumerable.Range(0, atoms).Where(atom => active[atom] == 0)],
            CodesName = Row(evaluation, evaluation.Objectives.Single(one => one.Kind == DefaultCode.KindOf(experiment))).Name,
            AsTrained = new(trained.Name, trained.Values[0], Usage(new(evaluation.Codes, count, atoms)).Active.Count(share => share == 0)),
            Reconstructions = Reconstructions(samples, codes, dictionary, evaluation.Offset),
            StrongestAtoms = Examples(samples, codes, magnitudes, DictionaryStatistics.Norms(evaluation.Dictionary, atoms)),
            Quality = evaluation.Quality,
            DictionaryQuality = evaluation.DictionaryQuality,
            Evaluation = Table(evaluation),
            Notes = [.. Limits(evaluation)],
            ReproduceCommand = ReproduceCommand(folder),
        };
    }

    /// <summary>Says what the default codes are, and whether they are worth having.</summary>
    /// <param name="evaluation">The evaluation.</param>
    /// <returns>Lines for a console, which go with <see cref="Table"/>.</returns>
    public static IEnumerable<string> Remarks(RunEvaluation evaluation)
    {
        if (DefaultCode.KindOf(evaluation.Experiment) == CodeKind.Map)
            yield return $"MAP code = the optimum with lambda' = {MapWeight(evaluation)}, in place of lambda";
        var table = Table(evaluation);
        double codes = EvaluationSection.Objective(table, EvaluationKind.Codes), zero = EvaluationSection.Objective(table, EvaluationKind.AllZero);
        if (EvaluationSection.BeatsAllZero(table) == false)
            yield return FormattableString.Invariant($"the default codes do not beat the all-zero code: {codes:G4} against {zero:G4}; on this objective, coding nothing is {(codes == zero ? "as good" : "better")}");
    }

    /// <summary>The objective's terms of every kind of codes, as a table.</summary>
    /// <param name="evaluation">The evaluation.</param>
    public static EvaluationTable Table(RunEvaluation evaluation) => new()
    {
        L1Weight = evaluation.Experiment.Objective.Lambda,
        SampleCount = evaluation.Validation.Length / evaluation.Preprocessing.Dimension,
        Columns = ["objective", "with Frobenius term", "½‖x-Az‖²", "‖z‖₁", "active", .. evaluation.IsAutoencoder ? ["explained variance", "active features"] : Array.Empty<string>()],
        Rows = [.. evaluation.Objectives.Where(codes => !evaluation.IsRepeated(codes.Kind)).Select(codes => Row(evaluation, codes))],
    };

    private static EvaluationRow Row(RunEvaluation evaluation, EvaluatedCodes codes)
    {
        bool isMap = MethodTable.Find(evaluation.Experiment.Method)!.IsMapInference, isDefault = codes.Kind == DefaultCode.KindOf(evaluation.Experiment);
        var (kind, name, label) = codes.Kind switch
        {
            // The optimum, the default of MAP inference, stands as the baseline that it is.
            CodeKind.AsTrained when isMap => (EvaluationKind.Codes, "published FISTA, as trained", "published FISTA"),
            CodeKind.AsTrained when evaluation.Experiment.Sampling.Selection == DrawSelection.Max && evaluation.Draws > 1 =>
                (EvaluationKind.OtherCodes, $"best of {evaluation.Draws} draws, as trained", $"as trained, best of {evaluation.Draws}"),
            CodeKind.AsTrained => (EvaluationKind.OtherCodes, "one draw, as trained", "as trained, one draw"),
            CodeKind.SingleDraw => (EvaluationKind.OtherCodes, "one draw", ""),
            CodeKind.Mean => (EvaluationKind.OtherCodes, "posterior mean", ""),
            CodeKind.Mode => (EvaluationKind.OtherCodes, "posterior mode", ""),
            CodeKind.Encoder => (EvaluationKind.OtherCodes, "encoder", ""),
            CodeKind.ZeroCode => (EvaluationKind.AllZero, "all-zero code", ""),
            CodeKind.Map => (EvaluationKind.OtherCodes, $"MAP code, lambda' = {MapWeight(evaluation)}", "MAP code"),
            _ => (EvaluationKind.Fista, "FISTA on the same dictionary, converged", "converged FISTA"),
        };
        if (label.Length == 0) label = name;
        if (isDefault) (kind, name, label) = (isMap ? kind : EvaluationKind.Codes, name + " (default codes)", label + " (default)");
        var terms = codes.Terms;
        double[] numbers = [terms.Value, terms.ValueWithFrobenius, terms.Reconstruction, terms.L1, terms.ActiveFraction];
        return new(kind, name, evaluation.IsAutoencoder ? [.. numbers, evaluation.ExplainedVariance(terms), terms.ActiveFraction * evaluation.Experiment.Generator.Atoms] : numbers) { Label = label };
    }

    // A sample whose codes would be empty or nearly so has a smaller weight of its own.
    private static string MapWeight(RunEvaluation evaluation) => FormattableString.Invariant(
        $"{DefaultCode.MapLambda(evaluation.Experiment, evaluation.Preprocessing.Dimension):G4}, at most half of max|A^T x|");

    private static IEnumerable<string> Limits(RunEvaluation evaluation)
    {
        bool arePatches = evaluation.Preprocessing.Kind == SampleKind.ImagePatches, isMap = MethodTable.Find(evaluation.Experiment.Method)!.IsMapInference;
        if (arePatches) yield return "Training and validation patches are drawn from the same images and overlap in space, as in the published experiments: validation is not a test on new images.";
        else if (evaluation.Preprocessing.Kind == SampleKind.Vectors)
        {
            yield return "Training and validation samples are rows of the same data: validation is a test on new rows only as far as rows do not repeat or hang together."
                + (evaluation.Preprocessing.IsStandardised ? " Both are standardised by the mean and deviation of all rows, validation included." : "");
        }
        yield return $"On this objective the all-zero code is a strong baseline: it costs half the {(arePatches ? "patches" : "samples")}' energy"
            + (isMap ? "." : arePatches ? ", and no variational method of the paper's Table 1 beats it." : ". On the paper's patches no variational method of its Table 1 beats it.");
    }

    internal static string NameOf(RunFolder folder) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder.Root)));

    internal static string ReproduceCommand(RunFolder folder) => folder.Experiment.Data.Source == DataOptions.Imported ? "vsc import DICTIONARY --output NEW-RUN"
        : $"{(ManagedSupport.Missing(folder.Experiment) is null ? "vsc" : "vsc-full")} train {Quoted(folder.ExperimentFile)} --output NEW-RUN";

    // Single quotes keep all but themselves from shells; on Windows, whose paths cannot hold them, double ones do.
    private static string Quoted(string path) => !path.AsSpan().ContainsAnyExcept(plain) ? path
        : OperatingSystem.IsWindows() ? $"\"{path}\"" : $"'{path.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    internal static NamedText[] Environment(Experiment experiment, long step) => [new("created with", experiment.CreatedWith), new("steps done", step.ToString(CultureInfo.InvariantCulture))];

    /// <summary>How often each feature is active, and its mean magnitude.</summary>
    internal static (float[] Active, float[] Magnitudes) Usage(SampleMatrix codes)
    {
        float[] active = new float[codes.Columns], magnitudes = new float[codes.Columns];
        for (int row = 0; row < codes.Rows; row++)
        {
            var code = codes.Row(row);
            for (int atom = 0; atom < code.Length; atom++)
            {
                if (code[atom] == 0) continue;
                active[atom] += 1f / codes.Rows;
                magnitudes[atom] += Math.Abs(code[atom]) / codes.Rows;
            }
        }
        return (active, magnitudes);
    }

    private static ReconstructionSet Reconstructions(SampleMatrix samples, SampleMatrix codes, SampleMatrix dictionary, float[] offset)
    {
        int shown = Math.Min(ShownReconstructions, samples.Rows), dimension = samples.Columns;
        float[] originals = new float[shown * dimension], reconstructions = new float[shown * dimension], errors = new float[shown];
        for (int i = 0; i < shown; i++)
        {
            // Spread over the set, so that the choice is nobody's.
            int row = (int)((long)i * samples.Rows / shown);
            samples.Row(row).CopyTo(originals.AsSpan(i * dimension));
            var reconstruction = reconstructions.AsSpan(i * dimension, dimension);
            offset.CopyTo(reconstruction);
            for (int pixel = 0; pixel < dimension; pixel++)
            {
                var weights = dictionary.Row(pixel);
                var code = codes.Row(row);
                for (int atom = 0; atom < code.Length; atom++) reconstruction[pixel] += weights[atom] * code[atom];
                float residual = samples.Row(row)[pixel] - reconstruction[pixel];
                errors[i] += residual * residual / 2;
            }
        }
        return new(new(originals, shown, dimension), new(reconstructions, shown, dimension), errors);
    }

    private static AtomExamples[] Examples(SampleMatrix samples, SampleMatrix codes, float[] magnitudes, double[] norms)
    {
        var strongest = Enumerable.Range(0, codes.Columns).Where(atom => magnitudes[atom] > 0).OrderByDescending(atom => magnitudes[atom] * norms[atom]).Take(StrongestAtoms);
        return [.. strongest.Select(atom =>
        {
            int[] rows = [.. Enumerable.Range(0, codes.Rows).Where(row => codes.Row(row)[atom] != 0).OrderByDescending(row => Math.Abs(codes.Row(row)[atom])).Take(TopSamples)];
            float[] values = [.. rows.SelectMany(row => samples.Row(row).ToArray())];
            return new AtomExamples(atom, new(values, rows.Length, samples.Columns), [.. rows.Select(row => codes.Row(row)[atom])]);
        })];
    }

    internal static HistoryRow[] History(RunFolder folder) =>
    [.. MetricsTable.Read(folder.MetricsFile).Select(row => new HistoryRow(row["epoch"], (long)row["step"], Terms(row, "train."), Terms(row, "validation.")))];

    private static LossTerm[] Terms(IReadOnlyDictionary<string, double> row, string prefix) =>
        [.. row.Where(cell => cell.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(cell => new LossTerm(cell.Key[prefix.Length..].Replace('_', ' '), cell.Value))];

    internal static NamedText[] KeySettings(Experiment experiment)
    {
        var method = MethodTable.Find(experiment.Method)!;
        var (data, posterior, schedule) = (experiment.Data, experiment.Posterior, experiment.Schedule);
        NamedText features = new(experiment.Generator.Kind == GeneratorKind.Linear ? "atoms" : "latent features", Invariant($"{experiment.Generator.Atoms}"));
        // How it was trained is not known.
        if (data.Source == DataOptions.Imported) return [new("description", experiment.Description), new("method", experiment.Method), features];
        return
        [
            new("description", experiment.Description),
            new("method", experiment.Method),
            new("fidelity", ExperimentJson.Name(experiment.Fidelity)),
            new("data", data.Source),
            new("training samples", Invariant($"{data.TrainSamples}")),
            new("validation samples", Invariant($"{data.ValidationSamples}")),
            features,
            .. method.IsMapInference ? Array.Empty<NamedText>()
            : method.Gate is not null ? [new("active features", Invariant($"{experiment.Sparsity.Active} per sample"))]
            :
            [
                new("draws per sample", Invariant($"{experiment.Sampling.Draws}, {ExperimentJson.Name(experiment.Sampling.Selection)}")),
                new("prior spread", Invariant($"{posterior.PriorSpread}")),
                new("threshold", posterior.Threshold == ThresholdKind.None ? "none" : Invariant($"{posterior.ThresholdValue}, {ExperimentJson.Name(posterior.Threshold)}")),
            ],
            new("epochs of steps", Invariant($"{schedule.Epochs} of {data.TrainSamples / schedule.BatchSize}")),
            new("batch size", Invariant($"{schedule.BatchSize}")),
            new("seed", Invariant($"{experiment.Seed}")),
        ];

        static string Invariant(FormattableString text) => FormattableString.Invariant(text);
    }

    internal static NamedText[] AllSettings(Experiment experiment) =>
    [.. ExperimentJson.Settings(experiment with { CreatedWith = "" }).Where(setting => setting.Value.Length > 0).Select(setting => new NamedText(setting.Path, setting.Value))];
}
