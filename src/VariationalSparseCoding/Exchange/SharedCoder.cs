using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Exchange;

/// <summary>
/// A sparse coder in the terms that programs share, whatever the file it comes from or goes to: samples are A z + c, and z is the gate of h = E (x - c) + b, or of h = E x + b.
/// Matrices are row by row.
/// </summary>
/// <param name="Gate">How codes follow from h; null for a dictionary alone, whose codes are found by a solver.</param>
/// <param name="Dimension">D.</param>
/// <param name="Features">d.</param>
/// <param name="Atoms">A^T, [d, D].</param>
/// <param name="Offset">c, [D].</param>
internal sealed record SharedCoder(GateKind? Gate, int Dimension, int Features, float[] Atoms, float[] Offset)
{
    /// <summary>E, [d, D]; empty without an encoder.</summary>
    public float[] Encoder { get; init; } = [];

    /// <summary>b, [d]; empty without an encoder.</summary>
    public float[] Bias { get; init; } = [];

    /// <summary>Whether the encoder sees x - c.</summary>
    public bool IsCentred { get; init; } = true;

    /// <summary>What a feature must exceed, [d]; of <see cref="GateKind.JumpRelu"/>.</summary>
    public float[] Threshold { get; init; } = [];

    /// <summary>The bias of a feature's strength, which is exp(r) E (x - c) and this, [d]; of <see cref="GateKind.Gated"/>.</summary>
    public float[] MagnitudeBias { get; init; } = [];

    /// <summary>r, [d]; of <see cref="GateKind.Gated"/>.</summary>
    public float[] MagnitudeScale { get; init; } = [];

    /// <summary>k; 0 where it is not known. At least 1 for <see cref="GateKind.TopK"/> and <see cref="GateKind.GroupMax"/>.</summary>
    public int Active { get; init; }

    /// <summary>When matching pursuit stops; of <see cref="GateKind.MatchingPursuit"/>.</summary>
    public PursuitStop Pursuit { get; init; } = new(0.01, 1, true);

    /// <summary>The weight of the 1-norm in codes by a solver; null for the usual one.</summary>
    public double? Lambda { get; init; }

    /// <summary>What a person should know, in one line each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>When matching pursuit stops.</summary>
/// <param name="Residual">At a residual shorter than this; 0 for none.</param>
/// <param name="Steps">After so many steps, at least 1.</param>
/// <param name="AtRepetition">Whether at a feature that was chosen before.</param>
internal sealed record PursuitStop(double Residual, int Steps, bool AtRepetition);
