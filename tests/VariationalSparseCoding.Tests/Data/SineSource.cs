using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Random;

namespace VariationalSparseCoding.Tests.Data;

/// <summary>Sines of random frequency and phase, [N, 16].</summary>
internal sealed class SineSource : DataSource
{
    private const int Length = 16, Largest = 1_000_000;

    public override string Name => "sines";

    public override string Summary => "sines of random frequency and phase, 16 values each";

    public override SampleCount Count(DataOptions options) => new(Largest);

    public override int Dimension(DataOptions options) => Length;

    public override DataSplit Open(DataOptions options, ulong seed)
    {
        if ((long)options.TrainSamples + options.ValidationSamples > Largest)
            throw new InvalidInputException($"{Name}: {options.TrainSamples} + {options.ValidationSamples} samples are wanted but there are {Largest}; ask for fewer samples");
        // Equal seeds draw equal samples; frequency and phase are the two features of a row's noise.
        int count = options.TrainSamples + options.ValidationSamples;
        float[] uniform = new float[count * 2], values = new float[count * Length];
        CounterNoise.FillUniform<float>(new(seed, NoisePurpose.Data, 0), 0, 0, count, 1, 2, uniform);
        for (int row = 0; row < count; row++)
            for (int i = 0; i < Length; i++)
                values[row * Length + i] = MathF.Sin(MathF.Tau * (3 * uniform[2 * row] * i / Length + uniform[2 * row + 1]));
        var preprocessing = Preprocessing.OfVectors(Length);
        int trained = options.TrainSamples * Length;
        return new(new MemorySet(values.AsMemory(0, trained), preprocessing), new MemorySet(values.AsMemory(trained), preprocessing), preprocessing);
    }
}
