namespace VariationalSparseCoding.Posteriors;

/// <summary>The parameters of a posterior that an inference network puts out, one number for each input and feature.</summary>
internal enum Head
{
    /// <summary>log sigma^2 of a Gaussian, log b of a Laplacian.</summary>
    Scale,

    /// <summary>The mean mu.</summary>
    Shift,

    /// <summary>The spike's log odds, or its log probability as published.</summary>
    Spike,

    /// <summary>log alpha of a learned threshold's Gamma posterior.</summary>
    LogShape,

    /// <summary>log beta of a learned threshold's Gamma posterior.</summary>
    LogRate,
}
