namespace VariationalSparseCoding.Onnx;

/// <summary>What a network was trained to be given for pixels in [0, 1]; exports of the same network differ in it.</summary>
internal enum PixelNormalisation
{
    /// <summary>The pixels themselves. The paper's code gives its Inception network these.</summary>
    None,

    /// <summary>Each colour less ImageNet's mean, over its standard deviation.</summary>
    ImageNet,

    /// <summary>2 x - 1, in [-1, 1].</summary>
    Symmetric,
}
