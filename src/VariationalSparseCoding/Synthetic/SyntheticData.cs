using VariationalSparseCoding.Random;

namespace VariationalSparseCoding.Synthetic;

/// <summary>Samples whose codes and dictionary are known: x = A z + noise.</summary>
/// <param name="Samples">x, row by row, [N, D].</param>
/// <param name="Codes">z, row by row, [N, d].</param>
/// <param name="Dictionary">A, row by row, [D, d]; its columns are the atoms.</param>
public sealed record SyntheticData(float[] Samples, float[] Codes, float[] Dictionary)
{
    private const uint DictionaryStep = 1, CodesStep = 2, NoiseStep = 3;

    /// <summary>Generates data from a dictionary of independent normal entries whose columns have length 1. Equal options and seeds give equal data.</summary>
    /// <param name="options">Sizes and distributions.</param>
    /// <param name="seed">The run's seed.</param>
    /// <exception cref="InvalidInputException">An option is out of range.</exception>
    public static SyntheticData Generate(SyntheticOptions options, ulong seed)
    {
        RequireValid(options);
        return Generate(options, seed, UnitDictionary(options.Dimension, options.Atoms, Stream(seed, DictionaryStep)));
    }

    /// <summary>Generates data from a given dictionary.</summary>
    /// <param name="options">Sizes and distributions.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="dictionary">A, row by row, [D, d]; kept and not copied.</param>
    /// <exception cref="InvalidInputException">An option is out of range.</exception>
    public static SyntheticData Generate(SyntheticOptions options, ulong seed, float[] dictionary)
    {
        RequireValid(options);
        ArgumentNullException.ThrowIfNull(dictionary);
        if (dictionary.Length != options.Dimension * options.Atoms)
            throw new ArgumentException($"A dictionary of {options.Dimension} x {options.Atoms} does not have {dictionary.Length} entries.", nameof(dictionary));
        float[] codes = DrawCodes(options, Stream(seed, CodesStep)), samples = Combine(options, codes, dictionary);
        if (options.SignalToNoise is { } ratio) AddNoise(samples, ratio, Stream(seed, NoiseStep));
        return new SyntheticData(samples, codes, dictionary);
    }

    private static void RequireValid(SyntheticOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var errors = new List<string>();
        options.Validate(errors);
        if (errors.Count > 0) throw new InvalidInputException(string.Join("; ", errors));
    }

    private static CounterRandom Stream(ulong seed, uint step) => new(new NoiseKey(seed, NoisePurpose.Data, step));

    private static float[] UnitDictionary(int dimension, int atoms, CounterRandom random)
    {
        var dictionary = new float[dimension * atoms];
        var atom = new double[dimension];
        for (int column = 0; column < atoms; column++)
        {
            for (int row = 0; row < dimension; row++) atom[row] = Normal(random);
            double norm = Math.Sqrt(atom.Sum(entry => entry * entry));
            for (int row = 0; row < dimension; row++) dictionary[row * atoms + column] = (float)(atom[row] / norm);
        }
        return dictionary;
    }

    private static float[] DrawCodes(SyntheticOptions options, CounterRandom random)
    {
        var codes = new float[options.Samples * options.Atoms];
        int[] atoms = [.. Enumerable.Range(0, options.Atoms)];
        for (int sample = 0; sample < options.Samples; sample++)
            for (int drawn = 0; drawn < options.Support; drawn++)
            {
                int first = options.WithReplacement ? 0 : drawn, chosen = first + (int)random.NextInt64(options.Atoms - first);
                (atoms[first], atoms[chosen]) = (atoms[chosen], atoms[first]);
                codes[sample * options.Atoms + atoms[first]] = (float)Value(options.Distribution, random);
            }
        return codes;
    }

    private static double Value(CodeDistribution distribution, CounterRandom random) => distribution switch
    {
        CodeDistribution.Gaussian => Normal(random),
        CodeDistribution.Laplacian => Sign(random) * -Math.Log(random.NextDouble()),
        _ => Sign(random) * (1 + Math.Abs(Normal(random))),
    };

    private static int Sign(CounterRandom random) => random.NextInt64(2) == 0 ? -1 : 1;

    // Box and Muller's transform; its second number is not needed.
    private static double Normal(CounterRandom random) =>
        Math.Sqrt(-2 * Math.Log(random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static float[] Combine(SyntheticOptions options, float[] codes, float[] dictionary)
    {
        var samples = new float[options.Samples * options.Dimension];
        for (int sample = 0; sample < options.Samples; sample++)
            for (int atom = 0; atom < options.Atoms; atom++)
            {
                float value = codes[sample * options.Atoms + atom];
                if (value == 0) continue;
                for (int row = 0; row < options.Dimension; row++)
                    samples[sample * options.Dimension + row] += value * dictionary[row * options.Atoms + atom];
            }
        return samples;
    }

    private static void AddNoise(float[] samples, double ratio, CounterRandom random)
    {
        double power = samples.Sum(value => (double)value * value) / samples.Length;
        double deviation = Math.Sqrt(power * Math.Pow(10, -ratio / 10));
        for (int i = 0; i < samples.Length; i++) samples[i] += (float)(deviation * Normal(random));
    }
}
