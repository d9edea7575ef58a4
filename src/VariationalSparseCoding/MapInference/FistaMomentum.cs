namespace VariationalSparseCoding.MapInference;

/// <summary>The weights of FISTA's extrapolation: (t_prev - 1)/t with t = (1 + sqrt(1 + 4 t_prev^2))/2, t_0 = 1, as the authors' code has them.</summary>
internal struct FistaMomentum
{
    private double last, present;

    /// <summary>Begins with 0.</summary>
    public FistaMomentum() => (last, present) = (1, 1);

    /// <summary>Returns the next iteration's weight.</summary>
    public double Next()
    {
        double weight = (last - 1) / present;
        (last, present) = (present, (1 + Math.Sqrt(1 + 4 * present * present)) / 2);
        return weight;
    }
}
