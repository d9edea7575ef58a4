using SkiaSharp;

namespace VariationalSparseCoding.Reporting.Tests;

public class DictionaryFigureTests
{
    /// <summary>Four atoms of 2 x 2 pixels; atom a has its only values at pixels a (positive) and a + 1 (half as large, negative).</summary>
    private static SampleMatrix OneHot(params float[] norms)
    {
        var values = new float[16];
        for (int atom = 0; atom < 4; atom++)
        {
            values[atom * 4 + atom] = norms[atom];
            values[(atom + 1) % 4 * 4 + atom] = -norms[atom] / 2;
        }
        return new SampleMatrix(values, 4, 4);
    }

    [Fact]
    public void Patches_are_sorted_by_norm_and_each_scaled_about_mid_grey()
    {
        int[] order = [2, 0, 3, 1];
        using SKBitmap picture = Pictures.Decode(Figures.DictionaryGrid(OneHot(3, 0.001f, 50, 1), SampleShape.Patch(2, 2), FigureStyle.Light));
        int cell = (picture.Width - 2) / 2, pixel = (cell - 2) / 2;
        Assert.Equal(picture.Width, picture.Height);
        for (int rank = 0; rank < 4; rank++)
        {
            int left = 2 + rank % 2 * cell, top = 2 + rank / 2 * cell;
            byte Grey(int index) => picture.GetPixel(left + index % 2 * pixel + pixel / 2, top + index / 2 * pixel + pixel / 2).Red;
            Assert.Equal(255, Grey(order[rank]));
            Assert.Equal(64, Grey((order[rank] + 1) % 4));
            Assert.Equal(128, Grey((order[rank] + 2) % 4));
            Assert.Equal(128, Grey((order[rank] + 3) % 4));
        }
    }

    [Fact]
    public void Separators_are_white_and_thin()
    {
        using SKBitmap picture = Pictures.Decode(Figures.DictionaryGrid(OneHot(1, 1, 1, 1), SampleShape.Patch(2, 2), FigureStyle.Dark));
        int cell = (picture.Width - 2) / 2;
        Assert.Equal(SKColors.White, picture.GetPixel(0, 0));
        Assert.Equal(SKColors.White, picture.GetPixel(cell, 10));
        Assert.Equal(SKColors.White, picture.GetPixel(cell + 1, 10));
        Assert.NotEqual(SKColors.White, picture.GetPixel(cell - 1, cell / 2 + 8));
    }

    [Fact]
    public void Atoms_that_are_not_numbers_come_last_in_their_own_colour()
    {
        SampleMatrix dictionary = OneHot(float.NaN, 1, 2, 0);
        Assert.Equal([2, 1, 3, 0], DictionaryFigure.Order(DictionaryFigure.Norms(dictionary.Transpose())));
        using SKBitmap picture = Pictures.Decode(Figures.DictionaryGrid(dictionary, SampleShape.Patch(2, 2), FigureStyle.Light));
        int cell = (picture.Width - 2) / 2;
        Assert.Equal(FigureStyle.Light.Invalid, picture.GetPixel(2 + cell + 3, 2 + cell + 3));
    }

    [Fact]
    public void Colours_are_channel_major()
    {
        // One atom of one pixel: red 1, green 0, blue -1.
        using SKBitmap picture = Pictures.Decode(Figures.DictionaryGrid(new SampleMatrix([1, 0, -1], 3, 1), SampleShape.Patch(1, 1, 3), FigureStyle.Light));
        Assert.Equal(new SKColor(255, 128, 1), picture.GetPixel(picture.Width / 2, picture.Height / 2));
    }

    [Fact]
    public void The_grid_is_near_square_also_for_oblong_patches()
    {
        using SKBitmap picture = Pictures.Decode(Figures.DictionaryGrid(new SampleMatrix(new float[40 * 100], 40, 100), SampleShape.Patch(4, 10), FigureStyle.Light));
        Assert.InRange((double)picture.Width / picture.Height, 0.75, 1.34);
    }

    [Fact]
    public void Vectors_form_a_heat_map_with_the_strongest_atom_at_the_left_and_dimension_0_at_the_bottom()
    {
        // Atom 1 is the strongest; its dimension 0 is positive (red), all else is zero.
        using SKBitmap picture = Pictures.Decode(Figures.DictionaryGrid(new SampleMatrix([0.1f, 5, 0, 0], 2, 2), SampleShape.Vector(2), FigureStyle.Light));
        Assert.Equal((1640, 920), (picture.Width, picture.Height));
        int left = picture.Width / 4, right = picture.Width * 6 / 10, low = picture.Height * 6 / 10, high = picture.Height / 4;
        SKColor strong = picture.GetPixel(left, low);
        Assert.True(strong.Red < 120 && strong.Green < 60, $"expected the dark red end of the scale, got {strong}");
        Assert.All(new[] { picture.GetPixel(left, high), picture.GetPixel(right, low), picture.GetPixel(right, high) }, colour =>
            Assert.True(colour is { Red: > 220, Green: > 220, Blue: > 220 }, $"expected the neutral middle of the scale, got {colour}"));
        int labels = Pictures.Ink(picture, new SKRectI(0, picture.Height - 50, picture.Width, picture.Height), FigureStyle.Light.Background);
        Assert.InRange(labels, 200, 20_000);
    }

    [Trait("Category", "Slow")]
    [Fact]
    public void A_single_element_fills_the_heat_map()
    {
        using SKBitmap picture = Pictures.Decode(Figures.DictionaryGrid(new SampleMatrix([1], 1, 1), SampleShape.Vector(1), FigureStyle.Light));
        SKColor[] corners = [picture.GetPixel(200, 100), picture.GetPixel(1300, 700)];
        Assert.All(corners, colour => Assert.True(colour is { Red: < 120, Green: < 60 }, $"expected the dark red end of the scale, got {colour}"));
    }

    [Fact]
    public void A_shape_of_another_size_is_refused() =>
        Assert.Throws<ArgumentException>(() => Figures.DictionaryGrid(new SampleMatrix(new float[12], 4, 3), SampleShape.Patch(2, 3), FigureStyle.Light));
}
