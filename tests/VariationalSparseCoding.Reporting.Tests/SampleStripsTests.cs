using SkiaSharp;

namespace VariationalSparseCoding.Reporting.Tests;

public class SampleStripsTests
{
    private static readonly SampleShape Pixel = SampleShape.Patch(1, 1);

    [Fact]
    public void Original_reconstruction_and_residual_share_the_scale_of_the_original()
    {
        var set = new ReconstructionSet(new([2f], 1, 1), new([1f], 1, 1), [0.5f]);
        using SKBitmap picture = Pictures.Decode(Figures.Reconstructions(set, Pixel, FigureStyle.Light));
        byte Grey(int row) => picture.GetPixel(picture.Width - 60, 60 + row * 160).Red;
        Assert.Equal([255, 192, 192], new[] { Grey(0), Grey(1), Grey(2) }.Select(grey => (int)grey));
    }

    [Fact]
    public void Rows_have_labels_and_columns_their_errors()
    {
        var set = new ReconstructionSet(new([2f], 1, 1), new([1f], 1, 1), [0.5f]);
        using SKBitmap picture = Pictures.Decode(Figures.Reconstructions(set, Pixel, FigureStyle.Light));
        for (int row = 0; row < 3; row++)
        {
            Assert.InRange(Pictures.Ink(picture, SKRectI.Create(0, 16 + row * 160, 250, 144), FigureStyle.Light.Background), 300, 10_000);
        }
        Assert.InRange(Pictures.Ink(picture, new SKRectI(256, 16 + 3 * 160 - 10, picture.Width, picture.Height), FigureStyle.Light.Background), 50, 2000);
    }

    [Fact]
    public void More_samples_than_fit_continue_below()
    {
        ReconstructionSet Set(int count) => new(new(new float[count], count, 1), new(new float[count], count, 1), new float[count]);
        using SKBitmap ten = Pictures.Decode(Figures.Reconstructions(Set(10), Pixel, FigureStyle.Light));
        using SKBitmap eleven = Pictures.Decode(Figures.Reconstructions(Set(11), Pixel, FigureStyle.Light));
        Assert.Equal(ten.Width, eleven.Width);
        Assert.InRange(eleven.Height, 1.9 * ten.Height, 2.0 * ten.Height);
    }

    [Fact]
    public void Each_atom_stands_beside_its_samples_on_their_own_scales()
    {
        var dictionary = new SampleMatrix([0.01f, -7f], 1, 2);
        AtomExamples[] atoms = [new(1, new([-100f, 1f], 2, 1), [3f, -2f]), new(0, new([0f], 1, 1), [0f])];
        using SKBitmap picture = Pictures.Decode(Figures.TopPatches(atoms, dictionary, Pixel, FigureStyle.Light));
        // From the right: margins of 16 pixels, tiles of 144, the atom further apart.
        int Grey(int fromRight, int row) => picture.GetPixel(picture.Width - fromRight, 60 + row * 200).Red;
        Assert.Equal([1, 1, 255], new[] { Grey(16 + 2 * 160 + 100, 0), Grey(16 + 160 + 72, 0), Grey(16 + 72, 0) });
        Assert.Equal([255, 128], new[] { Grey(16 + 2 * 160 + 100, 1), Grey(16 + 160 + 72, 1) });
    }

    [Fact]
    public void Shapes_that_disagree_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Figures.Reconstructions(new(new([1f], 1, 1), new([1f, 2f], 2, 1), [1]), Pixel, FigureStyle.Light));
        Assert.Throws<ArgumentException>(() => Figures.TopPatches([new(2, new([1f], 1, 1), [1])], new([1f, 2f], 1, 2), Pixel, FigureStyle.Light));
        Assert.Throws<ArgumentException>(() => Figures.TopPatches([new(0, new([1f], 1, 1), [])], new([1f, 2f], 1, 2), Pixel, FigureStyle.Light));
    }

    [Fact]
    public void Nothing_to_draw_is_drawn()
    {
        Assert.NotEmpty(Figures.TopPatches([], new([1f], 1, 1), Pixel, FigureStyle.Light));
        Assert.NotEmpty(Figures.Reconstructions(new(new([], 0, 1), new([], 0, 1), []), Pixel, FigureStyle.Light));
    }
}
