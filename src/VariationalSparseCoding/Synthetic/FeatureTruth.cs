using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Numerics;
using VariationalSparseCoding.Random;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Synthetic;

/// <summary>
/// Samples x = scale (A z + bias + noise) whose non-negative codes z are known, in any number: a row is a function of seed and number, so that rows need not be kept.
/// A feature without a parent fires where a Gaussian copula with a few hidden factors says so; of the children of one that fires at most one does. The value of a feature is
/// |mean + deviation n|, n standard normal, and that of a child is multiplied by its parent's over the parent's mean.
/// </summary>
internal sealed class FeatureTruth
{
    private const uint DirectionStep = 11, FactorStep = 12, RowStep = 13, BiasStep = 14;
    private const int FactorStream = 0, OwnStream = 1, ValueStream = 2, ChildStream = 3, NoiseStream = 4;

    // A direction leans on others the more, the more there are for each dimension; longer steps than the second of these for each of them would overshoot, until all directions are one.
    private const double TurningStep = 0.05, TurningStepOfAll = 0.25;

    private readonly FeatureOptions options;
    private readonly FeatureTree tree;
    private readonly NoiseKey rowKey;
    private readonly float[] atoms, loadings, quantiles, means;

    /// <summary>Draws directions and hidden factors. Equal options and seeds give equal samples.</summary>
    /// <param name="options">Sizes and distributions.</param>
    /// <param name="seed">The seed.</param>
    /// <exception cref="InvalidInputException">An option is out of range.</exception>
    public FeatureTruth(FeatureOptions options, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(options);
        var errors = new List<string>();
        options.Validate(errors);
        if (errors.Count > 0) throw new InvalidInputException(string.Join("; ", errors));
        this.options = options;
        tree = new(options);
        rowKey = Key(seed, RowStep);
        int count = options.Features;
        atoms = Directions(options, Key(seed, DirectionStep));
        loadings = new float[count * options.CorrelationRank];
        CounterNoise.FillNormal<float>(Key(seed, FactorStep), 0, 0, count, 1, options.CorrelationRank, loadings);
        Normalise(loadings, options.CorrelationRank, (float)Math.Sqrt(options.CorrelationScale));
        quantiles = [.. tree.Shares.Select(share => (float)SpecialFunctions.NormalQuantile(share))];
        means = [.. Enumerable.Range(0, count).Select(i => (float)(options.FirstMagnitude + (options.LastMagnitude - options.FirstMagnitude) * i / Math.Max(1, count - 1)))];
        Bias = new float[options.Dimension];
        CounterNoise.FillNormal<float>(Key(seed, BiasStep), 0, 0, 1, 1, options.Dimension, Bias);
        for (int i = 0; i < Bias.Length; i++) Bias[i] *= (float)options.Bias;
    }

    /// <summary>What all samples have in common before they are scaled, [D].</summary>
    public float[] Bias { get; }

    /// <summary>The features' directions A, of length 1, [D, d]; columns are atoms.</summary>
    public float[] Dictionary()
    {
        float[] dictionary = new float[atoms.Length];
        int dimension = options.Dimension, count = options.Features;
        for (int feature = 0; feature < count; feature++)
            for (int row = 0; row < dimension; row++) dictionary[row * count + feature] = atoms[feature * dimension + row];
        return dictionary;
    }

    /// <summary>How often each feature fires, exactly, [d].</summary>
    public IReadOnlyList<double> Probabilities => tree.Probabilities;

    /// <summary>The parent of each feature; -1 where there is none, [d].</summary>
    public IReadOnlyList<int> Parents => tree.Parents;

    /// <summary>Makes samples with their codes.</summary>
    /// <param name="firstRow">The number of the first, at least 0.</param>
    /// <param name="rows">How many.</param>
    /// <returns>x, [rows, D], and z, [rows, d], before the scale.</returns>
    public (float[] Samples, CsrMatrix Codes) Rows(int firstRow, int rows)
    {
        (int dimension, int count, int rank) = (options.Dimension, options.Features, options.CorrelationRank);
        float[] samples = new float[checked(rows * dimension)], line = new float[count];
        float[] factors = new float[rank], own = new float[count], values = new float[count], choices = new float[count];
        var codes = new CsrBuilder(count);
        for (int row = 0; row < rows; row++)
        {
            CounterNoise.FillNormal<float>(rowKey, FactorStream, firstRow + row, 1, 1, rank, factors);
            CounterNoise.FillNormal<float>(rowKey, OwnStream, firstRow + row, 1, 1, count, own);
            CounterNoise.FillNormal<float>(rowKey, ValueStream, firstRow + row, 1, 1, count, values);
            CounterNoise.FillUniform<float>(rowKey, ChildStream, firstRow + row, 1, 1, count, choices);
            var sample = samples.AsSpan(row * dimension, dimension);
            if (options.Noise > 0) CounterNoise.FillNormal<float>(rowKey, NoiseStream, firstRow + row, 1, 1, dimension, sample);
            for (int i = 0; i < dimension; i++) sample[i] = Bias[i] + (float)options.Noise * sample[i];
            line.AsSpan().Clear();
            for (int feature = 0; feature < count; feature++)
            {
                if (tree.Parents[feature] < 0 && Fires(feature, factors, own[feature])) line[feature] = Value(feature, values[feature]);
                if (line[feature] == 0) continue;
                RowKernels.ScaleAndAdd(sample, 1, atoms.AsSpan(feature * dimension, dimension), line[feature]);
                if (Chosen(feature, choices[feature]) is { } child) line[child] = Value(child, values[child]) * (line[feature] / means[feature]);
            }
            for (int i = 0; i < dimension; i++) sample[i] *= (float)options.Scale;
            codes.Append(line);
        }
        return (samples, codes.Build());
    }

    private bool Fires(int feature, ReadOnlySpan<float> factors, float own)
    {
        float shared = 0;
        for (int i = 0; i < factors.Length; i++) shared += loadings[feature * factors.Length + i] * factors[i];
        return shared + (float)Math.Sqrt(1 - options.CorrelationScale) * own < quantiles[feature];
    }

    private float Value(int feature, float normal) => Math.Abs(means[feature] + (float)options.MagnitudeDeviation * normal);

    /// <summary>The child that fires with a feature, if any.</summary>
    private int? Chosen(int parent, float uniform)
    {
        double passed = 0;
        foreach (int child in tree.ChildrenOf(parent))
            if (uniform < (passed += tree.Shares[child])) return child;
        return null;
    }

    /// <summary>Random directions, turned away from each other as far as D allows: each step takes from every direction a share of those it leans on, [d, D].</summary>
    private static float[] Directions(FeatureOptions options, NoiseKey key)
    {
        (int dimension, int count) = (options.Dimension, options.Features);
        float turning = (float)Math.Min(TurningStep, TurningStepOfAll * dimension / count);
        FloatMatrix directions = new(count, dimension), cosines = new(count, count);
        CounterNoise.FillNormal<float>(key, 0, 0, count, 1, dimension, directions.All);
        Normalise(directions.All, dimension, 1);
        for (int step = 0; step < options.OrthogonalisationSteps; step++)
        {
            MatrixProduct.Multiply(directions.Operand, directions.Operand.Transposed, cosines.Operand, count, count, dimension);
            for (int i = 0; i < count; i++) cosines[i][i] = 0;
            var change = new FloatMatrix(count, dimension);
            MatrixProduct.Multiply(cosines.Operand, directions.Operand, change.Operand, count, dimension, count);
            RowKernels.ScaleAndAdd(directions.All, 1, change.All, -turning);
            Normalise(directions.All, dimension, 1);
        }
        return directions.All.ToArray();
    }

    private static void Normalise(Span<float> rows, int columns, float length)
    {
        for (; !rows.IsEmpty; rows = rows[columns..])
        {
            var row = rows[..columns];
            RowKernels.Scale(row, length / (float)Math.Sqrt(RowKernels.SumOfSquares(row)));
        }
    }

    private static NoiseKey Key(ulong seed, uint step) => new(seed, NoisePurpose.Data, step);
}
