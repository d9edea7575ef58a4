using System.Diagnostics;
using System.Globalization;
using VariationalSparseCoding.Metrics;
using VariationalSparseCoding.Random;

namespace VariationalSparseCoding.Benchmarks;

/// <summary>
/// Upper bounds of times, generous ones: they catch a slip of several times on any machine, and are no measurement. They stand here and not in the tests,
/// because a busy machine may break them.
/// </summary>
internal static class Limits
{
    private const int Codes = 16_000, Passes = 20, PassedInputs = 2000, Repeats = 3;

    /// <summary>Measures everything that has a limit and prints a table.</summary>
    /// <param name="output">Receives the table.</param>
    /// <returns>The exit code: 1 if a limit is exceeded, else 0.</returns>
    public static int Check(TextWriter output)
    {
        output.WriteLine($"{"",-58}{"best",10}{"limit",10}");
        bool all = true;
        foreach (var (name, limit, work) in Works())
        {
            double best = Enumerable.Range(0, Repeats).Min(_ => Seconds(work));
            all &= best <= limit;
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-58}{best,8:F3} s{limit,8:F3} s{(best <= limit ? "" : "  exceeded")}"));
        }
        return all ? 0 : 1;
    }

    // Metrics at the sizes of the paper's evaluation, noise at those of its step; limits within about three times what was measured, noise within ten.
    private static IEnumerable<(string Name, double Limit, Action Work)> Works()
    {
        float[] codes = SparseCodes(Codes), samples = new float[Codes * Inputs.Size], dictionary = new float[Inputs.Size * Inputs.Size];
        yield return ("multi-information of 16,000 codes", 0.9, () => MultiInformation.Estimate<float>(codes, Inputs.Size));
        yield return ("objective of 16,000 codes", 1.5, () => SparseCodingObjective.Compute<float>(samples, Inputs.Size, dictionary, codes, Inputs.Size));

        float[] passes = [.. Enumerable.Repeat(SparseCodes(PassedInputs), Passes).SelectMany(pass => pass)];
        bool[] used = [.. Enumerable.Repeat(true, Inputs.Size)];
        yield return ("Jaccard index of 20 passes over 2,000 inputs", 0.375, () => JaccardConsistency.PerInput<float>(passes, Passes, used));

        float[] gradient = new float[1_500_000];
        var moments = new RunningMoments(gradient.Length);
        yield return ("moments of ten gradients of an inference network", 0.4, () =>
        {
            for (int pass = 0; pass < 10; pass++) moments.Add(gradient);
        }
        );

        double[] atoms = Inputs.Exact(4, Inputs.Size * Inputs.Size);
        yield return ("Gabor fits of 256 atoms", 5, () => GaborFitting.Fit<double>(atoms, Inputs.Size, 16));

        float[] noise = new float[Inputs.Rows * Inputs.Samples * Inputs.Size], derivatives = new float[noise.Length];
        float[] shapes = [.. Enumerable.Repeat(3f, Inputs.Rows * Inputs.Size)];
        yield return ("Laplace noise of a step on two threads", 0.05, () => CounterNoise.FillLaplace<float>(Inputs.Key, 0, 0, Inputs.Rows, Inputs.Samples, Inputs.Size, noise, 2));
        yield return ("Gamma variates of a step on two threads", 0.4, () => GammaVariate.Draw<float>(Inputs.Key, 0, Inputs.Rows, Inputs.Samples, Inputs.Size, shapes, noise, 2));
        yield return ("derivatives of Gamma variates of a step on two threads", 1.5, () => GammaDerivative.Fill<float>(Inputs.Rows, Inputs.Samples, Inputs.Size, shapes, noise, derivatives, 2));
    }

    private static double Seconds(Action work)
    {
        long start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static float[] SparseCodes(int count)
    {
        float[] numbers = new float[count * Inputs.Size];
        CounterNoise.FillLaplace<float>(Inputs.Key, 6, 0, 1, 1, numbers.Length, numbers);
        for (int i = 0; i < numbers.Length; i++) numbers[i] = MathF.CopySign(Math.Max(0, 0.1f * Math.Abs(numbers[i]) - 0.25f), numbers[i]);
        return numbers;
    }
}
