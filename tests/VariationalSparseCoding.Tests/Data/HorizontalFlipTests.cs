using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Tests.Data;

public class HorizontalFlipTests
{
    private static readonly ImageShape Shape = new(3, 2, 5);

    private static float[] Batch(int count) => [.. Enumerable.Range(0, count * Shape.Size).Select(i => (float)i)];

    private static float[] Flipped(int count, ulong seed, uint step, int firstRow = 0)
    {
        float[] batch = Batch(count);
        HorizontalFlip.Apply(batch, Shape, seed, step, firstRow);
        return batch;
    }

    [Fact]
    public void An_image_is_left_alone_or_mirrored_row_by_row()
    {
        float[] batch = Batch(200), flipped = Flipped(200, 3, 17);
        int mirrored = 0;
        for (int image = 0; image < 200; image++)
        {
            float[] before = batch[(image * Shape.Size)..((image + 1) * Shape.Size)], after = flipped[(image * Shape.Size)..((image + 1) * Shape.Size)];
            if (before.SequenceEqual(after)) continue;
            mirrored++;
            Assert.Equal(before.Chunk(5).SelectMany(row => row.Reverse()), after);
        }
        Assert.InRange(mirrored, 70, 130);
    }

    [Fact]
    public void Half_of_many_are_mirrored()
    {
        float[] batch = Batch(20_000), flipped = Flipped(20_000, 0, 0);
        int mirrored = Enumerable.Range(0, 20_000).Count(image => batch[image * Shape.Size] != flipped[image * Shape.Size]);
        // Four standard deviations.
        Assert.InRange(mirrored, 10_000 - 283, 10_000 + 283);
    }

    [Fact]
    public void Which_are_mirrored_follows_from_seed_step_and_row_alone()
    {
        float[] whole = Flipped(64, 1, 2);
        Assert.Equal(whole, Flipped(64, 1, 2));
        Assert.NotEqual(whole, Flipped(64, 1, 3));
        Assert.NotEqual(whole, Flipped(64, 2, 2));
        float[] part = Batch(64)[(40 * Shape.Size)..];
        HorizontalFlip.Apply(part, Shape, 1, 2, firstRow: 40);
        Assert.Equal(whole[(40 * Shape.Size)..], part);
        Assert.Throws<ArgumentException>(() => HorizontalFlip.Apply(new float[31], Shape, 0, 0));
    }
}
