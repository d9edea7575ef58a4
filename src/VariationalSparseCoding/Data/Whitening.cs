using static TorchSharp.torch;

namespace VariationalSparseCoding.Data;

/// <summary>
/// Whitening of natural images (Olshausen &amp; Field, "Sparse coding with an overcomplete basis set", 1997): each image's spectrum is multiplied by
/// rho exp(-(rho / 0.4)^4), rho in cycles per pixel, which flattens the 1/f amplitude spectrum and removes the highest frequencies. The mean of each image is lost.
/// </summary>
internal static class Whitening
{
    /// <summary>The filter's cut-off frequency in cycles per pixel.</summary>
    public const double CutOff = 0.4;

    /// <summary>The variance over all pixels of a set of whitened images.</summary>
    public const double Variance = 0.1;

    /// <summary>Whitens a set of images and scales all of them by one number, such that the variance over all their pixels is <see cref="Variance"/>.</summary>
    /// <param name="images">Images of any sizes.</param>
    /// <returns>The whitened images, and the number they were scaled by.</returns>
    /// <exception cref="InvalidInputException">An image is constant or holds a value that is not finite.</exception>
    public static (IReadOnlyList<GrayImage> Images, double Scale) Apply(IReadOnlyList<GrayImage> images)
    {
        if (images.Count == 0) throw new ArgumentException("There is no image.", nameof(images));
        var filtered = images.Select(Filter).ToList();
        long count = filtered.Sum(values => (long)values.Length);
        double mean = filtered.Sum(values => values.Sum()) / count;
        double variance = filtered.Sum(values => values.Sum(value => (value - mean) * (value - mean))) / count;
        double scale = Math.Sqrt(Variance / variance);
        return ([.. images.Zip(filtered, (image, values) => Scaled(image, values, scale))], scale);
    }

    /// <summary>Whitens an image as the images of a model were whitened.</summary>
    /// <param name="image">An image of any size.</param>
    /// <param name="scale">The number those were scaled by.</param>
    /// <exception cref="InvalidInputException">The image is constant or holds a value that is not finite.</exception>
    public static GrayImage Apply(GrayImage image, double scale) => Scaled(image, Filter(image), scale);

    /// <summary>The filtered image before scaling, [height, width].</summary>
    internal static double[] Filter(GrayImage image)
    {
        RequireContrast(image);
        using var scope = NewDisposeScope();
        var pixels = tensor(image.Pixels, dtype: float64).reshape(image.Height, image.Width);
        var vertical = fft.fftfreq(image.Height, dtype: float64).unsqueeze(1);
        var horizontal = fft.fftfreq(image.Width, dtype: float64).unsqueeze(0);
        var frequency = (vertical.square() + horizontal.square()).sqrt();
        var filter = frequency * (-(frequency / CutOff).pow(4)).exp();
        return fft.ifft2(fft.fft2(pixels) * filter).real.contiguous().data<double>().ToArray();
    }

    private static void RequireContrast(GrayImage image)
    {
        int odd = Array.FindIndex(image.Pixels, value => !float.IsFinite(value));
        if (odd >= 0)
            throw new InvalidInputException($"{image.Name}: the pixel in row {odd / image.Width}, column {odd % image.Width} is {image.Pixels[odd]}; whitening needs finite values");
        if (!image.Pixels.AsSpan().ContainsAnyExcept(image.Pixels[0]))
            throw new InvalidInputException($"{image.Name}: all pixels are {image.Pixels[0]}, so nothing is left after whitening; remove the image");
    }

    private static GrayImage Scaled(GrayImage image, double[] values, double scale) =>
        new(image.Name, image.Height, image.Width, Array.ConvertAll(values, value => (float)(value * scale)));
}
