using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Evaluation;

/// <summary>A network whose features of images a Frechet distance compares.</summary>
internal interface IFeatureNetwork : IDisposable
{
    /// <summary>What tables call the Frechet distance of these features: it says which network they are of. Distances of different networks cannot be compared.</summary>
    string DistanceName { get; }

    /// <summary>Features per image, F.</summary>
    int Features { get; }

    /// <summary>The features of images.</summary>
    /// <param name="images">Images in [0, 1], [N, C, H, W].</param>
    /// <param name="shape">C, H and W.</param>
    /// <returns>Features, [N, F].</returns>
    /// <exception cref="ArgumentException">The images do not fill a positive number of that shape.</exception>
    /// <exception cref="InvalidInputException">The network cannot take images of that shape.</exception>
    float[] Extract(ReadOnlySpan<float> images, ImageShape shape);
}
