namespace VariationalSparseCoding.MapInference;

/// <summary>The methods that find MAP codes.</summary>
public enum MapSolver
{
    /// <summary>Iterative soft thresholding (Daubechies, Defrise and De Mol, 2004).</summary>
    Ista,

    /// <summary>Fast iterative soft thresholding (Beck and Teboulle, 2009).</summary>
    Fista,

    /// <summary>Alternating direction method of multipliers (Boyd et al., 2011).</summary>
    Admm,

    /// <summary>Cyclic coordinate descent (Friedman, Hastie and Tibshirani, 2010).</summary>
    CoordinateDescent,

    /// <summary>The path of solutions from lambda = max|A^T x| down (Osborne et al., 2000; LARS, Efron et al., 2004).</summary>
    Homotopy,

    /// <summary>Active set with Newton steps, in the manner of the feature-sign search (Lee et al., 2006).</summary>
    ActiveSet,
}

/// <summary>The table of methods.</summary>
internal static class MapSolvers
{
    /// <summary>The fastest method, for where only the optimum matters.</summary>
    public const MapSolver Fastest = MapSolver.ActiveSet;

    private static readonly (MapSolver Method, string Name, BlockSolver Solver)[] Table =
    [
        (MapSolver.Ista, "ista", new ProximalGradientSolver(isAccelerated: false)),
        (MapSolver.Fista, "fista", new ProximalGradientSolver(isAccelerated: true)),
        (MapSolver.Admm, "admm", new AdmmSolver()),
        (MapSolver.CoordinateDescent, "coordinate-descent", new CoordinateDescentSolver()),
        (MapSolver.Homotopy, "homotopy", new HomotopySolver()),
        (MapSolver.ActiveSet, "active-set", new ActiveSetSolver()),
    ];

    /// <summary>The methods' names, as used in options and on the command line.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Table.Select(row => row.Name)];

    /// <summary>Returns the method with a name.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <exception cref="InvalidInputException">There is none.</exception>
    public static MapSolver Parse(string name)
    {
        foreach (var row in Table)
        {
            if (row.Name == name) return row.Method;
        }
        throw new InvalidInputException($"MAP solver \"{name}\" is unknown; give one of {string.Join(", ", Names)}.");
    }

    /// <summary>Returns the solver of a method.</summary>
    /// <param name="method">The method.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such method.</exception>
    internal static BlockSolver Get(MapSolver method)
    {
        foreach (var row in Table)
        {
            if (row.Method == method) return row.Solver;
        }
        throw new ArgumentOutOfRangeException(nameof(method), method, $"There is no such solver; take one of {string.Join(", ", Names)}.");
    }
}
