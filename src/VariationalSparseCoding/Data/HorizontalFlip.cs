using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Random;

namespace VariationalSparseCoding.Data;

/// <summary>Mirrors training images left to right, each with probability 1/2.</summary>
internal static class HorizontalFlip
{
    /// <summary>Mirrors some images of a batch in place. Which ones is a pure function of seed, step and the image's row in the batch.</summary>
    /// <param name="batch">Images, [B, D].</param>
    /// <param name="shape">Their shape.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="step">The training step, counted from 0.</param>
    /// <param name="firstRow">Number of the first image within the step's batch, where it comes in parts.</param>
    public static void Apply(Span<float> batch, ImageShape shape, ulong seed, uint step, int firstRow = 0)
    {
        int size = shape.Size, count = batch.Length / size;
        if (count * size != batch.Length) throw new ArgumentException($"{batch.Length} values are no whole number of images of {size}.", nameof(batch));
        float[] chance = new float[count];
        CounterNoise.FillUniform<float>(new NoiseKey(seed, NoisePurpose.Augmentation, step), 0, firstRow, count, 1, 1, chance);
        for (int i = 0; i < count; i++)
            if (chance[i] < 0.5f) Mirror(batch.Slice(i * size, size), shape.Width);
    }

    private static void Mirror(Span<float> image, int width)
    {
        for (; !image.IsEmpty; image = image[width..]) image[..width].Reverse();
    }
}
