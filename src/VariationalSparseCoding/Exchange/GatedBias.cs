namespace VariationalSparseCoding.Exchange;

/// <summary>
/// The bias of a gated feature's strength. In the shared terms each path has a bias of its own: h + b decides, and exp(r) h + m is the strength. Here both see h + b, so that the strength is
/// exp(r) (h + b) + s with s = m - exp(r) b.
/// </summary>
internal static class GatedBias
{
    // Units in the last place by which a rounded sum may miss what gives the other back.
    private const int MostUnits = 4;

    /// <summary>Returns s.</summary>
    /// <param name="own">m.</param>
    /// <param name="scale">r.</param>
    /// <param name="bias">b.</param>
    public static float Joint(float own, float scale, float bias) => (float)(own - Math.Exp(scale) * bias);

    /// <summary>Returns m: of the numbers beside s + exp(r) b one that gives s back exactly, if there is one.</summary>
    /// <param name="joint">s.</param>
    /// <param name="scale">r.</param>
    /// <param name="bias">b.</param>
    public static float Own(float joint, float scale, float bias)
    {
        float nearest = (float)(joint + Math.Exp(scale) * bias), above = nearest, below = nearest;
        for (int units = 0; units <= MostUnits; units++)
        {
            if (Joint(above, scale, bias) == joint) return above;
            if (Joint(below, scale, bias) == joint) return below;
            (above, below) = (MathF.BitIncrement(above), MathF.BitDecrement(below));
        }
        return nearest;
    }
}
