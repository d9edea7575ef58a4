using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Images.Files;
using VariationalSparseCoding.Images.Patches;

namespace VariationalSparseCoding.Images;

/// <summary>Patches of the embedded <see cref="NaturalImages"/>.</summary>
internal sealed class NaturalImagesSource : PatchSource
{
    /// <inheritdoc/>
    public override string Name => DataOptions.NaturalImages;

    /// <inheritdoc/>
    public override string Summary => "ten 512 x 512 grey photographs of nature, embedded";

    /// <inheritdoc/>
    protected override PatchImages Read(string source) => new(NaturalImages.Read(), AreWhitened: false);

    /// <inheritdoc/>
    protected override IEnumerable<ImageSize> ReadSizes(string source) => NaturalImages.ReadSizes();
}
