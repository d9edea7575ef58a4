using VariationalSparseCoding.Random;
using static VariationalSparseCoding.Reproduction.Robustness.RowSources;

namespace VariationalSparseCoding.Reproduction.Robustness;

/// <summary>A data set that default settings are tried on.</summary>
/// <param name="Name">Its name, also of files.</param>
/// <param name="Dimension">D.</param>
/// <param name="Samples">N, the training samples.</param>
/// <param name="IsStructured">Whether there is something to learn from so many samples, so that held-out rows must be explained in part.</param>
/// <param name="Rows">How its rows are made.</param>
internal sealed record RobustnessSet(string Name, int Dimension, int Samples, bool IsStructured, RowSource Rows)
{
    private const int LeastHeldOut = 100, MostHeldOut = 1000;

    /// <summary>All sets, by kind.</summary>
    public static IReadOnlyList<RobustnessSet> All { get; } =
    [
        new("low-rank-2", 2, 1000, true, LowRank(1, 0.1)),
        new("low-rank-16", 16, 5000, true, LowRank(4, 0.01)),
        new("low-rank-16-exact", 16, 1000, true, LowRank(2, 0)),
        new("low-rank-32-many", 32, 100_000, true, LowRank(6, 0.1)),
        new("low-rank-64", 64, 5000, true, LowRank(8, 0.3)),
        new("low-rank-100-few", 100, 200, true, LowRank(3, 0.1)),
        new("low-rank-256", 256, 2000, true, LowRank(16, 0.5)),
        new("low-rank-384-embeddings", 384, 2000, true, LowRank(100, 0.05, decay: 0.5)),
        new("low-rank-784", 784, 500, true, LowRank(10, 0.3)),
        new("low-rank-2000", 2000, 300, true, LowRank(5, 0.3)),
        new("sparse-8", 8, 2000, true, SparseSums(16, 1)),
        new("sparse-16", 16, 2000, true, SparseSums(32, 2)),
        new("sparse-32-positive", 32, 5000, true, SparseSums(64, 3, isPositive: true)),
        new("sparse-64", 64, 5000, true, SparseSums(96, 5)),
        new("sparse-64-dense", 64, 5000, true, SparseSums(32, 16)),
        new("sparse-144", 144, 3000, true, SparseSums(200, 4)),
        new("sparse-500", 500, 1000, true, SparseSums(50, 3)),
        new("clusters-2", 2, 1000, true, Clusters(3, 0.1)),
        new("clusters-10-few", 10, 100, true, Clusters(2, 0.3)),
        new("clusters-16", 16, 2000, true, Clusters(10, 0.1)),
        new("clusters-64-tight", 64, 5000, true, Clusters(5, 0.01)),
        new("clusters-256", 256, 2000, true, Clusters(20, 0.5)),
        new("clusters-784", 784, 500, true, Clusters(10, 0.3)),
        new("cauchy-16", 16, 2000, false, Independent(random => StudentT(random, 1))),
        new("student-64", 64, 2000, false, Independent(random => StudentT(random, 3))),
        new("log-normal-32", 32, 2000, false, Independent(random => Math.Exp(2 * Normal(random)))),
        new("pareto-8", 8, 5000, false, Independent(random => Math.Pow(random.NextDouble(), -1))),
        new("heavy-factors-64", 64, 5000, true, Changed(LowRank(4, 0.1), (_, _, value) => Math.Sinh(value))),
        new("rare-pixels-64", 64, 5000, false, Independent(random => random.NextInt64(1000) == 0 ? 255 : 0)),
        new("rare-pixels-196", 196, 2000, true, Changed(LowRank(6, 0.2), (random, column, value) => column % 14 is > 1 and < 12 ? value : random.NextInt64(500) == 0 ? 1 : 0)),
        new("counts-16", 16, 2000, true, Counts(2, 5)),
        new("counts-64", 64, 5000, true, Counts(4, 20)),
        new("counts-100-rare", 100, 2000, false, Counts(5, 0.02)),
        new("counts-128-large", 128, 1000, true, Counts(4, 1e6)),
        new("counts-500-words", 500, 1000, true, Counts(8, 1)),
        new("one-hot-4", 4, 500, true, OneHot(1)),
        new("one-hot-10", 10, 1000, true, OneHot(1)),
        new("one-hot-40-groups", 40, 2000, true, OneHot(4)),
        new("one-hot-100", 100, 2000, false, OneHot(1)),
        new("one-hot-100-zipf", 100, 2000, false, OneHot(1, isZipf: true)),
        new("near-constant-8", 8, 1000, true, Changed(LowRank(1, 0.1), (random, column, value) => column < 4 ? value : random.NextInt64(2000) == 0 ? 1 : 0)),
        new("near-constant-32", 32, 1000, true, Changed(LowRank(3, 0.1), (random, column, value) => column < 16 ? value : 1 + 1e-7 * random.NextInt64(3))),
        new("near-constant-64", 64, 2000, true, Changed(LowRank(3, 0.1), (_, column, value) => column < 32 ? value : 1e3 + 1e-3 * value)),
        new("constant-16", 16, 1000, true, Changed(LowRank(3, 0.1), (_, column, value) => column < 12 ? value : column)),
        new("constant-all-4", 4, 100, false, Independent(_ => 7)),
        new("duplicates-10-rows", 16, 1000, true, Repeated(10)),
        new("duplicates-two-rows", 64, 500, true, Repeated(2)),
        new("duplicates-columns", 100, 1000, true, (random, _) => row => row.Fill(Normal(random))),
        new("scale-1e-30", 16, 1000, true, Scaled(LowRank(3, 0.1), 1e-30)),
        new("scale-1e-6", 64, 1000, true, Scaled(SparseSums(96, 5), 1e-6)),
        new("scale-1e6", 64, 1000, true, Scaled(SparseSums(96, 5), 1e6)),
        new("scale-1e30", 16, 1000, true, Scaled(LowRank(3, 0.1), 1e30)),
        new("scale-mixed", 32, 2000, true, Changed(LowRank(4, 0.1), (_, column, value) => value * Math.Pow(10, column % 13 - 6))),
        new("offset-1e4", 16, 1000, true, Scaled(LowRank(3, 0.1), 1, offset: 1e4)),
        new("noise-1", 1, 1000, false, Independent(Normal)),
        new("noise-8-many", 8, 100_000, false, Independent(Normal)),
        new("noise-16", 16, 5000, false, Independent(Normal)),
        new("noise-64-ten-rows", 64, 10, false, Independent(Normal)),
        new("noise-256", 256, 1000, false, Independent(Normal)),
        new("noise-2000-few", 2000, 100, false, Independent(Normal)),
    ];

    /// <summary>A dozen small ones, at least one of each kind, for a test.</summary>
    public static IReadOnlyList<RobustnessSet> Quick { get; } = [.. new[]
    {
        "low-rank-2", "low-rank-16-exact", "clusters-10-few", "cauchy-16", "counts-16", "one-hot-10", "near-constant-32", "duplicates-10-rows", "scale-1e-30", "scale-1e30", "noise-1", "noise-64-ten-rows",
    }.Select(name => All.First(set => set.Name == name))];

    /// <summary>Draws the set.</summary>
    /// <param name="seed">The seed.</param>
    /// <returns>Training samples, [N, D], and held-out ones.</returns>
    public (float[] Train, float[] HeldOut) Generate(ulong seed)
    {
        var fill = Rows(new(new(seed, NoisePurpose.Data, 0)), Dimension);
        double[] row = new double[Dimension];
        return (Draw(Samples), Draw(Math.Clamp(Samples / 5, LeastHeldOut, MostHeldOut)));

        float[] Draw(int rows)
        {
            float[] samples = new float[rows * Dimension];
            for (int first = 0; first < samples.Length; first += Dimension)
            {
                fill(row);
                for (int column = 0; column < Dimension; column++) samples[first + column] = (float)row[column];
            }
            return samples;
        }
    }
}
