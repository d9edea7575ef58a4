using VariationalSparseCoding.Images.Files;

namespace VariationalSparseCoding.Images.Patches;

/// <summary>
/// Mean and population standard deviation of each pixel of a patch over all patches at stride 1, without visiting the patches: the pixel at (r, c) sees
/// the image's rows r .. r + H - p and columns c .. c + W - p, and the sums over neighbouring windows differ by one row or column.
/// </summary>
internal static class PatchStatistics
{
    // A variance below this part of what the sums were made of has lost more than a third of its digits; such a pixel is visited patch by patch.
    private const double CancellationLimit = 1e-5;

    /// <summary>Computes the statistics.</summary>
    /// <param name="images">Images of at least p x p pixels.</param>
    /// <param name="patchSize">p.</param>
    /// <returns>Mean and standard deviation of each pixel, [p * p]; exactly zero where all patches agree.</returns>
    public static (double[] Mean, double[] Deviation) Compute(IReadOnlyList<GrayImage> images, int patchSize)
    {
        double pixels = images.Sum(image => (double)image.Pixels.Length);
        double centre = images.Sum(image => image.Pixels.Sum(pixel => (double)pixel)) / pixels;
        double spread = images.Sum(image => image.Pixels.Sum(pixel => (pixel - centre) * (pixel - centre))) / pixels;
        var (sums, squares) = (new double[patchSize * patchSize], new double[patchSize * patchSize]);
        double count = 0;
        foreach (var image in images)
        {
            AddWindows(image, patchSize, pixel => pixel - centre, sums);
            AddWindows(image, patchSize, pixel => (pixel - centre) * (pixel - centre), squares);
            count += (image.Height - patchSize + 1.0) * (image.Width - patchSize + 1.0);
        }
        var (mean, deviation) = (new double[sums.Length], new double[sums.Length]);
        for (int i = 0; i < sums.Length; i++)
        {
            double shift = sums[i] / count, variance = squares[i] / count - shift * shift;
            if (variance <= CancellationLimit * (spread + shift * shift))
                (mean[i], variance) = Visit(images, patchSize, i / patchSize, i % patchSize);
            else
                mean[i] = centre + shift;
            deviation[i] = Math.Sqrt(variance);
        }
        return (mean, deviation);
    }

    private static void AddWindows(GrayImage image, int patchSize, Func<float, double> value, double[] sums)
    {
        int rows = image.Height - patchSize + 1, columns = image.Width - patchSize + 1;
        var down = new double[image.Width];
        void AddRow(int row, double sign)
        {
            for (int column = 0; column < down.Length; column++) down[column] += sign * value(image.Pixels[row * image.Width + column]);
        }
        for (int row = 0; row < rows; row++) AddRow(row, 1);
        for (int top = 0; top < patchSize; top++)
        {
            double window = down.AsSpan(0, columns).ToArray().Sum();
            for (int left = 0; left < patchSize; left++)
            {
                sums[top * patchSize + left] += window;
                if (left + 1 < patchSize) window += down[left + columns] - down[left];
            }
            if (top + 1 == patchSize) break;
            AddRow(top + rows, 1);
            AddRow(top, -1);
        }
    }

    // Welford's recurrence: exact zero for equal values, no cancellation otherwise.
    private static (double Mean, double Variance) Visit(IReadOnlyList<GrayImage> images, int patchSize, int row, int column)
    {
        double count = 0, mean = 0, squares = 0;
        foreach (var image in images)
            for (int y = row; y <= row + image.Height - patchSize; y++)
                foreach (float pixel in image.Pixels.AsSpan(y * image.Width + column, image.Width - patchSize + 1))
                {
                    double distance = pixel - mean;
                    mean += distance / ++count;
                    squares += distance * (pixel - mean);
                }
        return (mean, squares / count);
    }
}
