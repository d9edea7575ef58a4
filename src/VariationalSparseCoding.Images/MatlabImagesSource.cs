using VariationalSparseCoding.Images.Files;
using VariationalSparseCoding.Images.Patches;

namespace VariationalSparseCoding.Images;

/// <summary>Patches of the images in a MATLAB file, as <see cref="OlshausenImages"/> lays them out.</summary>
internal sealed class MatlabImagesSource : PatchSource
{
    /// <inheritdoc/>
    public override string Name => "IMAGES.mat";

    /// <inheritdoc/>
    public override string Summary => "a MATLAB file with the array IMAGES (whitened) or IMAGESr (raw), as that of Olshausen & Field (1996)";

    /// <inheritdoc/>
    public override string FileEnding => ".mat";

    /// <inheritdoc/>
    protected override PatchImages Read(string source)
    {
        var (images, areWhitened) = OlshausenImages.Read(source);
        return new(images, areWhitened);
    }

    /// <inheritdoc/>
    protected override IEnumerable<ImageSize> ReadSizes(string source) => OlshausenImages.ReadSizes(source);
}
