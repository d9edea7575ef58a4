using System.Numerics;
using MathNet.Numerics.IntegralTransforms;
using VariationalSparseCoding.Images.Files;

namespace VariationalSparseCoding.Images.Patches;

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

    // The inverse transform divides by the number of values, the forward one by nothing.
    private const FourierOptions Scaling = FourierOptions.AsymmetricScaling;

    /// <summary>Whitens a set of images and scales all of them by one number, such that the variance over all their pixels is <see cref="Variance"/>.</summary>
    /// <param name="images">Images of any sizes, enumerated once: each can be freed before the next is made.</param>
    /// <returns>The whitened images, and the number they were scaled by.</returns>
    /// <exception cref="InvalidInputException">An image is constant or holds a value that is not finite.</exception>
    public static (IReadOnlyList<GrayImage> Images, double Scale) Apply(IEnumerable<GrayImage> images)
    {
        Complex[] spectrum = [];
        GrayImage[] filtered = [.. images.Select(image => Filtered(image, ref spectrum))];
        if (filtered.Length == 0) throw new ArgumentException("There is no image.", nameof(images));
        long count = filtered.Sum(image => (long)image.Pixels.Length);
        double mean = filtered.Sum(image => image.Pixels.Sum(value => (double)value)) / count;
        double variance = filtered.Sum(image => image.Pixels.Sum(value => (value - mean) * (value - mean))) / count;
        double scale = Math.Sqrt(Variance / variance);
        foreach (var image in filtered) Scale(image, scale);
        return (filtered, scale);
    }

    /// <summary>Whitens an image as the images of a model were whitened.</summary>
    /// <param name="image">An image of any size.</param>
    /// <param name="scale">The number those were scaled by.</param>
    /// <param name="spectrum">Working memory, replaced where it is too small: the collector would let that of one large image after another pile up.</param>
    /// <exception cref="InvalidInputException">The image is constant or holds a value that is not finite.</exception>
    public static GrayImage Apply(GrayImage image, double scale, ref Complex[] spectrum)
    {
        var filtered = Filtered(image, ref spectrum);
        Scale(filtered, scale);
        return filtered;
    }

    /// <summary>Filters an image.</summary>
    /// <typeparam name="T">The numbers wanted.</typeparam>
    /// <param name="image">The image.</param>
    /// <param name="spectrum">Working memory, replaced where it is too small.</param>
    /// <returns>The pixels before scaling, [height, width].</returns>
    internal static T[] Filter<T>(GrayImage image, ref Complex[] spectrum) where T : INumber<T>
    {
        RequireContrast(image);
        // Rows of real numbers have spectra that are symmetric, of which the first half suffices. One number is its own spectrum, and the library takes no such row.
        int width = image.Width, half = width / 2 + 1;
        double[] line = new double[2 * half];
        if (spectrum.Length < image.Height * half) spectrum = new Complex[image.Height * half];
        for (int row = 0; row < image.Height; row++)
        {
            for (int i = 0; i < width; i++) line[i] = image.Pixels[row * width + i];
            if (width > 1) Fourier.ForwardReal(line, width, Scaling);
            for (int i = 0; i < half; i++) spectrum[row * half + i] = new(line[2 * i], line[2 * i + 1]);
        }
        FilterColumns(spectrum, image.Height, width);
        var pixels = new T[image.Pixels.Length];
        for (int row = 0; row < image.Height; row++)
        {
            for (int i = 0; i < half; i++) (line[2 * i], line[2 * i + 1]) = (spectrum[row * half + i].Real, spectrum[row * half + i].Imaginary);
            if (width > 1) Fourier.InverseReal(line, width, Scaling);
            for (int i = 0; i < width; i++) pixels[row * width + i] = T.CreateTruncating(line[i]);
        }
        return pixels;
    }

    private static void FilterColumns(Complex[] spectrum, int height, int width)
    {
        int half = width / 2 + 1;
        var line = new Complex[height];
        for (int column = 0; column < half; column++)
        {
            for (int i = 0; i < height; i++) line[i] = spectrum[i * half + column];
            Fourier.Forward(line, Scaling);
            for (int i = 0; i < height; i++) line[i] *= Gain((double)Math.Min(i, height - i) / height, (double)column / width);
            Fourier.Inverse(line, Scaling);
            for (int i = 0; i < height; i++) spectrum[i * half + column] = line[i];
        }
    }

    private static double Gain(double vertical, double horizontal)
    {
        double frequency = Math.Sqrt(vertical * vertical + horizontal * horizontal);
        return frequency * Math.Exp(-Math.Pow(frequency / CutOff, 4));
    }

    private static void RequireContrast(GrayImage image)
    {
        int odd = Array.FindIndex(image.Pixels, value => !float.IsFinite(value));
        if (odd >= 0)
            throw new InvalidInputException($"{image.Name}: the pixel in row {odd / image.Width}, column {odd % image.Width} is {image.Pixels[odd]}; whitening needs finite values");
        if (!image.Pixels.AsSpan().ContainsAnyExcept(image.Pixels[0]))
            throw new InvalidInputException($"{image.Name}: all pixels are {image.Pixels[0]}, so nothing is left after whitening; remove the image");
    }

    private static GrayImage Filtered(GrayImage image, ref Complex[] spectrum) => new(image.Name, image.Height, image.Width, Filter<float>(image, ref spectrum));

    private static void Scale(GrayImage image, double scale)
    {
        foreach (ref float value in image.Pixels.AsSpan()) value = (float)(value * scale);
    }
}
