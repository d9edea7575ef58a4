using VariationalSparseCoding.Kernels;

namespace VariationalSparseCoding.Engine;

/// <summary>Draws the mean number l0 of active features to k by the penalty w (l0/k - 1)^2, and holds it there by its integral over steps.</summary>
/// <param name="active">k.</param>
internal sealed class ActivityTarget(int active)
{
    /// <summary>The penalty's weight w as a share of the samples' mean square.</summary>
    public const double PenaltyShare = 0.13;

    // A penalty alone comes to rest beside k; what is left of the difference is added up at this share a step until it is gone.
    private const double Integration = 0.02;

    private readonly FloatMatrix integral = new(1, 1);
    private double weight, excess;
    private int rows;

    /// <summary>The integral, by its name.</summary>
    public (string Name, FloatMatrix Value) State => ("integral", integral);

    /// <summary>The penalty of the batch.</summary>
    public double Penalty => weight * excess * excess;

    /// <summary>Its derivative by the activity of one entry, with the integral's part.</summary>
    public float Price => (float)(2 * weight * (excess + integral.All[0]) / ((double)active * rows));

    /// <summary>Looks at a batch.</summary>
    /// <param name="activeMean">l0.</param>
    /// <param name="facts">The batch.</param>
    public void Observe(double activeMean, in BatchFacts facts) => (rows, weight, excess) = (facts.Rows, PenaltyShare * facts.Energy * facts.PenaltyShare, activeMean / active - 1);

    /// <summary>Ends a step.</summary>
    public void End() => integral.All[0] += (float)(Integration * Math.Clamp(excess, -1, 1));
}
