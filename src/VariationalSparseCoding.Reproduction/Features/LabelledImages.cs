namespace VariationalSparseCoding.Reproduction.Features;

/// <summary>Images with the class of each.</summary>
/// <param name="Images">Images in [0, 1], [N, C, H, W].</param>
/// <param name="Labels">Classes, [N].</param>
internal sealed record LabelledImages(ReadOnlyMemory<float> Images, ReadOnlyMemory<byte> Labels);
