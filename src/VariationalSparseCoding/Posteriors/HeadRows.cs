namespace VariationalSparseCoding.Posteriors;

/// <summary>The heads' outputs for one input, [d] each; empty where the posterior has no such head.</summary>
internal readonly ref struct HeadRows
{
    /// <summary>log sigma^2 or log b.</summary>
    public ReadOnlySpan<float> Scale { get; init; }

    /// <summary>mu.</summary>
    public ReadOnlySpan<float> Shift { get; init; }

    /// <summary>The spike's log odds or log probability.</summary>
    public ReadOnlySpan<float> Spike { get; init; }

    /// <summary>log alpha.</summary>
    public ReadOnlySpan<float> LogShape { get; init; }

    /// <summary>log beta.</summary>
    public ReadOnlySpan<float> LogRate { get; init; }
}

/// <summary>Where the gradients of one input's heads are written, [d] each; empty where the posterior has no such head.</summary>
internal readonly ref struct HeadGradientRows
{
    /// <summary>dL/dlog sigma^2 or dL/dlog b.</summary>
    public Span<float> Scale { get; init; }

    /// <summary>dL/dmu.</summary>
    public Span<float> Shift { get; init; }

    /// <summary>The loss by the spike's head.</summary>
    public Span<float> Spike { get; init; }

    /// <summary>dL/dlog alpha.</summary>
    public Span<float> LogShape { get; init; }

    /// <summary>dL/dlog beta.</summary>
    public Span<float> LogRate { get; init; }
}
