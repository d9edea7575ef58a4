using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Runs;

namespace VariationalSparseCoding.Reproduction.Benchmarks;

/// <summary>What one way of encoding gives on the validation samples of one model.</summary>
/// <param name="Codes">The way.</param>
/// <param name="IsDefault">Whether it is the model's default.</param>
/// <param name="ExplainedVariance">1 - ||X - X'||^2 / ||X - mean||^2, X' being what the codes stand for.</param>
/// <param name="ActiveFraction">The share of features that are not 0.</param>
/// <param name="Continuity">The median over samples x of the Jaccard index of the supports of x and (1 + 1e-5) x.</param>
/// <param name="NotEmpty">The share of samples with an active feature, among those where the optimum has one; 1 where there are none.</param>
internal sealed record MeasuredDefault(string Codes, bool IsDefault, double ExplainedVariance, double ActiveFraction, double Continuity, double NotEmpty);

/// <summary>Compares the codes that may stand for a sample when no kind is named (docs/mathematics.md section 3.8): whether they reconstruct, are sparse, continuous, and not empty.</summary>
internal static class DefaultCodeBenchmark
{
    private const float Nudge = 1e-5f;

    private static readonly int[] Steps = [1, 10];

    /// <summary>Measures the newest checkpoint of a run on its validation samples.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="cancellationToken">Stops between blocks.</param>
    /// <exception cref="InvalidInputException">There is no checkpoint, it or the data cannot be read, or the run has no dictionary.</exception>
    public static IReadOnlyList<MeasuredDefault> Run(RunFolder folder, CancellationToken cancellationToken = default)
    {
        using var run = LoadedRun.Open(folder);
        return Measure(run.Model, run.Data.Validation.Rows(0, run.Data.Validation.Count), cancellationToken);
    }

    /// <summary>Measures a model with a dictionary.</summary>
    /// <param name="model">The model.</param>
    /// <param name="samples">Preprocessed samples, [N, D].</param>
    /// <param name="cancellationToken">Stops between blocks.</param>
    public static IReadOnlyList<MeasuredDefault> Measure(SparseCodingModel model, float[] samples, CancellationToken cancellationToken = default)
    {
        var preprocessing = Preprocessing.OfVectors(model.Dimension);
        using var set = new MemorySet(samples, preprocessing);
        using var nudged = new MemorySet(Array.ConvertAll(samples, value => value * (1 + Nudge)), preprocessing);
        var inference = new CodeInference(model, AnnealedWeights.Evaluation);
        float[] optimum = Encode(set, new() { Kind = CodeKind.ConvergedFista });
        double variance = CodeEvaluation.Variance(set);
        return [.. Ways(model).Select(way => Measured(way.Name, way.Options))];

        float[] Encode(ISampleSet rows, EncodeOptions options)
        {
            float[] codes = new float[rows.Count * model.Atoms];
            inference.Stream(options, rows, (firstRow, block) => block.CopyTo(codes.AsSpan(firstRow * model.Atoms)), cancellationToken);
            return codes;
        }

        MeasuredDefault Measured(string name, EncodeOptions options)
        {
            float[] codes = Encode(set, options);
            double error = CodeEvaluation.SquaredError(model, set, codes);
            bool isDefault = options.Kind == DefaultCode.KindOf(model.Experiment) && options.Refine == 0;
            return new(name, isDefault, 1 - error / variance, 1 - (double)codes.Count(code => code == 0) / codes.Length, Continuity(codes, Encode(nudged, options), model.Atoms), NotEmpty(codes, optimum, model.Atoms));
        }
    }

    private static IEnumerable<(string Name, EncodeOptions Options)> Ways(SparseCodingModel model)
    {
        var method = MethodTable.Find(model.Experiment.Method)!;
        if (method.Gate is not null) yield return ("encoder", new() { Kind = CodeKind.Encoder });
        if (method.IsVariational)
        {
            yield return ($"best of {model.Experiment.Sampling.DrawsInEvaluation}", new() { Kind = CodeKind.AsTrained });
            yield return ("mean", new() { Kind = CodeKind.Mean });
            yield return ("mode", new() { Kind = CodeKind.Mode });
            foreach (int steps in Steps) yield return ($"mean, {steps} FISTA step{(steps == 1 ? "" : "s")}", new() { Kind = CodeKind.Mean, Refine = steps });
            yield return (FormattableString.Invariant($"MAP, lambda' = {DefaultCode.MapLambda(model.Experiment, model.Dimension):G3}"), new() { Kind = CodeKind.Map });
        }
        yield return ("optimum", new() { Kind = CodeKind.ConvergedFista });
    }

    private static double Continuity(float[] codes, float[] nudged, int atoms)
    {
        double[] indices = [.. Enumerable.Range(0, codes.Length / atoms).Select(row =>
        {
            int shared = 0, either = 0;
            for (int i = row * atoms; i < (row + 1) * atoms; i++)
            {
                shared += codes[i] != 0 && nudged[i] != 0 ? 1 : 0;
                either += codes[i] != 0 || nudged[i] != 0 ? 1 : 0;
            }
            return either == 0 ? 1 : (double)shared / either;
        }).Order()];
        return indices[indices.Length / 2];
    }

    private static double NotEmpty(float[] codes, float[] optimum, int atoms)
    {
        int wanted = 0, found = 0;
        for (int first = 0; first < codes.Length; first += atoms)
        {
            if (!optimum.AsSpan(first, atoms).ContainsAnyExcept(0f)) continue;
            wanted++;
            found += codes.AsSpan(first, atoms).ContainsAnyExcept(0f) ? 1 : 0;
        }
        return wanted == 0 ? 1 : (double)found / wanted;
    }
}
