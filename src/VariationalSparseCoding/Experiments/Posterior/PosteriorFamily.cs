namespace VariationalSparseCoding.Experiments;

/// <summary>How codes are inferred, and with which distribution.</summary>
internal enum PosteriorFamily
{
    /// <summary>No distribution: codes minimise the sparse-coding objective (eq. 10).</summary>
    None,
    /// <summary>Gaussian base distribution; the log-scale head is a log variance.</summary>
    Gaussian,
    /// <summary>Laplacian base distribution; the log-scale head is log b.</summary>
    Laplacian,
    /// <summary>Concrete spike times Gaussian slab (Tonolini et al., 2020).</summary>
    SpikeAndSlab,
}
