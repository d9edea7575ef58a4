using System.Numerics;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.MapInference;

/// <summary>
/// A dictionary A and its lazily computed Gram matrix and spectral bound: min_z 1/2 ||x - A z||^2 + lambda ||z||_1 for any sample x. It does not change, and
/// several threads may use it at once.
/// </summary>
public sealed class LassoProblem
{
    private readonly Lazy<PaddedGram> gram;
    private readonly Lazy<double> squaredSpectralNorm;
    private readonly Lazy<RegularisedInverse> regularisedInverse;

    /// <summary>Takes a copy of the dictionary.</summary>
    /// <param name="dictionary">A, [D, d]; columns are atoms. Columns of zeros are allowed: their codes stay 0.</param>
    /// <exception cref="InvalidInputException">The dictionary holds NaN or infinite values.</exception>
    /// <exception cref="ArgumentException">The dictionary has no row or no column.</exception>
    public LassoProblem(float[,] dictionary) : this(Values(dictionary, nameof(dictionary)), dictionary.GetLength(1)) { }

    /// <summary>Takes a copy of the dictionary.</summary>
    /// <param name="dictionary">A, row after row, [D, d]; columns are atoms. Columns of zeros are allowed: their codes stay 0.</param>
    /// <param name="atoms">The number of atoms, d.</param>
    /// <exception cref="InvalidInputException">The dictionary holds NaN or infinite values.</exception>
    /// <exception cref="ArgumentException">The dictionary is empty or not a whole number of rows.</exception>
    public LassoProblem(ReadOnlySpan<float> dictionary, int atoms) : this(Pack(dictionary, atoms)) { }

    /// <summary>Takes a copy of a dictionary in float64.</summary>
    /// <inheritdoc cref="LassoProblem(ReadOnlySpan{float}, int)"/>
    internal LassoProblem(ReadOnlySpan<double> dictionary, int atoms) : this(Pack(dictionary, atoms)) { }

    private LassoProblem(PackedMatrix dictionary)
    {
        Packed = dictionary;
        gram = new(() => new(dictionary));
        squaredSpectralNorm = new(() => SpectralBound.Find(Gram.Rows, Atoms, Gram.Stride));
        regularisedInverse = new(() => new(Gram));
    }

    /// <summary>The input size, D.</summary>
    public int InputSize => Packed.Rows;

    /// <summary>The number of atoms, d.</summary>
    public int Atoms => Packed.Columns;

    /// <summary>A, in float64 whatever it was given in: a duality gap of 1e-6 drowns in the rounding of float32.</summary>
    internal PackedMatrix Packed { get; }

    /// <summary>A^T A.</summary>
    internal PaddedGram Gram => gram.Value;

    /// <summary>An upper bound on sigma_max(A)^2, the Lipschitz constant of the gradient; normally within 1e-9 of it, above 0.</summary>
    internal double SquaredSpectralNorm => squaredSpectralNorm.Value;

    /// <summary>The matrix of ADMM's first step.</summary>
    internal RegularisedInverse RegularisedInverse => regularisedInverse.Value;

    /// <summary>Finds codes.</summary>
    /// <param name="x">Samples, row after row, [B, D].</param>
    /// <param name="options">lambda and when to stop.</param>
    /// <param name="solver">The method; the fastest by default.</param>
    /// <param name="initialCodes">Codes to start from, [B, d]; empty for the method's own start.</param>
    /// <param name="cancellationToken">Stops the solver between blocks of samples.</param>
    /// <returns>The codes and their quality.</returns>
    /// <exception cref="InvalidInputException">An option is out of range, or x or the initial codes hold NaN or infinite values.</exception>
    /// <exception cref="ArgumentException">The samples or codes are not whole rows, or as many, or the solver does not know the stop rule.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public MapResult Solve(
        ReadOnlySpan<float> x, MapOptions options, MapSolver solver = MapSolvers.Fastest, ReadOnlySpan<float> initialCodes = default, CancellationToken cancellationToken = default)
    {
        var (codes, outcomes) = Solved(x, options, solver, initialCodes, cancellationToken);
        return new(codes, outcomes);
    }

    /// <summary>Finds codes.</summary>
    /// <param name="x">Samples, [B, D].</param>
    /// <param name="options">lambda and when to stop.</param>
    /// <param name="solver">The method; the fastest by default.</param>
    /// <param name="initialCodes">Codes to start from, [B, d]; null for the method's own start.</param>
    /// <param name="cancellationToken">Stops the solver between blocks of samples.</param>
    /// <returns>The codes and their quality.</returns>
    /// <exception cref="InvalidInputException">An option is out of range, or x or the initial codes hold NaN or infinite values.</exception>
    /// <exception cref="ArgumentException">A matrix does not fit the dictionary, or the solver does not know the stop rule.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public MapResult Solve(float[,] x, MapOptions options, MapSolver solver = MapSolvers.Fastest, float[,]? initialCodes = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(x);
        CheckColumns(x, InputSize, nameof(x));
        if (initialCodes is not null) CheckColumns(initialCodes, Atoms, nameof(initialCodes));
        return Solve(Matrices.Values(x), options, solver, initialCodes is null ? [] : Matrices.Values(initialCodes), cancellationToken);
    }

    /// <summary>Finds codes in float64.</summary>
    /// <inheritdoc cref="Solve(ReadOnlySpan{float}, MapOptions, MapSolver, ReadOnlySpan{float}, CancellationToken)"/>
    internal MapResult Solve(
        ReadOnlySpan<double> x, MapOptions options, MapSolver solver = MapSolvers.Fastest, ReadOnlySpan<double> initialCodes = default, CancellationToken cancellationToken = default)
    {
        var (codes, outcomes) = Solved(x, options, solver, initialCodes, cancellationToken);
        return new(Array.ConvertAll(codes, code => (float)code), outcomes) { ExactCodes = codes };
    }

    /// <summary>Codes after some FISTA steps and nothing else: those of <see cref="Solve(ReadOnlySpan{float}, MapOptions, MapSolver, ReadOnlySpan{float}, CancellationToken)"/> under <see cref="MapOptions.Steps"/>, in less time.</summary>
    /// <param name="x">Samples, [B, D].</param>
    /// <param name="lambda">The weight of the L1 norm.</param>
    /// <param name="steps">How many, at least 0.</param>
    /// <param name="initialCodes">Codes to start from, [B, d]; empty for zeros.</param>
    /// <param name="threads">As <see cref="MapOptions.Threads"/>.</param>
    /// <returns>Codes, [B, d].</returns>
    internal float[] Iterate(ReadOnlySpan<float> x, double lambda, int steps, ReadOnlySpan<float> initialCodes = default, int threads = 0) =>
        Solved(x, MapOptions.Steps(lambda, steps) with { Threads = threads, Certifies = false }, MapSolver.Fista, initialCodes, CancellationToken.None).Codes;

    /// <summary>Refuses a matrix that is not finite.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="values">Its values, row after row.</param>
    /// <param name="columns">The length of a row.</param>
    /// <param name="name">What it is, for the message.</param>
    internal static void CheckFinite<T>(ReadOnlySpan<T> values, int columns, string name) where T : unmanaged, INumber<T>
    {
        if (Precision.IndexOfNonFinite(values) is var index && index < 0) return;
        throw new InvalidInputException($"{name} holds a NaN or infinite value in row {index / columns}; remove or repair it.");
    }

    private (T[] Codes, SampleOutcome[] Outcomes) Solved<T>(ReadOnlySpan<T> x, MapOptions options, MapSolver solver, ReadOnlySpan<T> initialCodes, CancellationToken cancellationToken)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var method = MapSolvers.Get(solver);
        if (x.Length % InputSize != 0) throw new ArgumentException($"{x.Length} numbers are not whole samples of {InputSize}.", nameof(x));
        if (!initialCodes.IsEmpty)
        {
            if (initialCodes.Length != (long)x.Length / InputSize * Atoms)
                throw new ArgumentException($"There are {initialCodes.Length} initial codes for {x.Length / InputSize} samples and {Atoms} atoms.", nameof(initialCodes));
            CheckFinite(initialCodes, Atoms, nameof(initialCodes));
        }
        var codes = new T[checked(x.Length / InputSize * Atoms)];
        var outcomes = options.StopRule == MapStopRule.DualityGap ? method.Solve(this, x, initialCodes, options, codes, cancellationToken)
            : solver == MapSolver.Fista ? PublishedBatch.Solve(this, x, initialCodes, options, codes, cancellationToken)
            : throw new ArgumentException("The published stop rule belongs to FISTA.", nameof(options));
        int unusable = Array.FindIndex(outcomes, outcome => double.IsNaN(outcome.Objective));
        if (unusable < 0) return (codes, outcomes);
        CheckFinite(x, InputSize, nameof(x));
        throw new InvalidInputException($"x has values in row {unusable} whose squares are out of range; scale it down.");
    }

    private static ReadOnlySpan<float> Values(float[,] matrix, string name)
    {
        ArgumentNullException.ThrowIfNull(matrix, name);
        return Matrices.Values(matrix);
    }

    private static void CheckColumns(float[,] matrix, int columns, string name)
    {
        if (matrix.GetLength(1) != columns)
            throw new ArgumentException($"{name} has shape [{matrix.GetLength(0)}, {matrix.GetLength(1)}] where the dictionary asks for [B, {columns}].", name);
    }

    private static PackedMatrix Pack<T>(ReadOnlySpan<T> dictionary, int atoms) where T : unmanaged, INumber<T>
    {
        if (dictionary.IsEmpty || atoms < 1 || dictionary.Length % atoms != 0)
            throw new ArgumentException($"The dictionary has {dictionary.Length} numbers for {atoms} atoms; a matrix [D, d] of at least one row and column is needed.", nameof(dictionary));
        CheckFinite(dictionary, atoms, nameof(dictionary));
        double[] values = new double[dictionary.Length];
        Precision.ToDouble(dictionary, values);
        return new(values, dictionary.Length / atoms, atoms);
    }
}
