using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Networks;
using static TorchSharp.torch;

namespace VariationalSparseCoding.MapInference;

/// <summary>
/// A dictionary A with what the solvers need of it, each part computed when first asked for: Gram matrix, bound on the
/// squared spectral norm. During training <see cref="Update"/> replaces the dictionary. Not safe for use from several threads at once.
/// </summary>
public sealed class LassoProblem : IDisposable
{
    private static readonly ProximalGradientSolver Fista = new(accelerated: true);

    private Tensor? gram, exactDictionary, exactGram;
    private PackedMatrix? packedDictionary;
    private PaddedGram? paddedGram;
    private double? squaredSpectralNorm;

    /// <summary>Takes a copy of the dictionary.</summary>
    /// <param name="dictionary">A, [D, d], columns are atoms; float32 or float64, finite. Columns of zeros are allowed: their codes stay 0.</param>
    /// <exception cref="InvalidInputException">The dictionary holds NaN or infinite values.</exception>
    /// <exception cref="ArgumentException">The dictionary is not a matrix of float32 or float64 with at least one row and column.</exception>
    public LassoProblem(Tensor dictionary) => Dictionary = Checked(dictionary);

    /// <summary>A, [D, d].</summary>
    public Tensor Dictionary { get; private set; }

    /// <summary>The input size, D.</summary>
    public int InputSize => (int)Dictionary.shape[0];

    /// <summary>The number of atoms, d.</summary>
    public int Atoms => (int)Dictionary.shape[1];

    /// <summary>A^T A, [d, d], in the dictionary's type.</summary>
    public Tensor Gram => gram ??= Kept(() => ExactGram.to(Dictionary.dtype, copy: true));

    /// <summary>An upper bound on sigma_max(A)^2, the Lipschitz constant of the gradient; normally within 1e-9 of it, above 0.</summary>
    public double SquaredSpectralNorm => squaredSpectralNorm ??= SpectralBound.Find(ExactGram);

    // In float64 whatever the dictionary's type: a duality gap of 1e-6 drowns in float32's rounding.
    internal Tensor ExactDictionary => exactDictionary ??= Kept(() => Dictionary.to(float64, copy: true));

    internal Tensor ExactGram => exactGram ??= Kept(() => ExactDictionary.t().mm(ExactDictionary));

    internal PackedMatrix PackedDictionary => packedDictionary ??= Packed(Dictionary);

    internal PaddedGram PaddedGram => paddedGram ??= new(PackedDictionary);

    /// <summary>Replaces the dictionary.</summary>
    /// <param name="dictionary">The new A, with the conditions of the constructor; its shape may differ.</param>
    public void Update(Tensor dictionary)
    {
        var replacement = Checked(dictionary);
        DisposeTensors();
        Dictionary = replacement;
    }

    /// <summary>Solves with the named method.</summary>
    /// <param name="x">Samples, [B, D].</param>
    /// <param name="options">lambda and when to stop.</param>
    /// <param name="solver">The method; the fastest by default.</param>
    /// <param name="initialCodes">Codes to start from, [B, d]; null for the method's own start.</param>
    /// <returns>The codes and their quality; the caller disposes it.</returns>
    /// <inheritdoc cref="IMapSolver.Solve" path="/exception"/>
    public MapResult Solve(Tensor x, MapOptions options, MapSolver solver = MapSolvers.Fastest, Tensor? initialCodes = null) =>
        MapSolvers.Get(solver).Solve(this, x, options, initialCodes);

    /// <inheritdoc/>
    public void Dispose() => DisposeTensors();

    /// <summary>Codes after some FISTA steps and nothing else: those of <see cref="Solve"/> under <see cref="MapOptions.Steps"/>, in less time.</summary>
    /// <inheritdoc cref="BatchedSolver.Iterate"/>
    internal Tensor Iterate(Tensor x, double lambda, int iterations, Tensor? initialCodes = null) => Fista.Iterate(this, x, lambda, iterations, initialCodes);

    internal void CheckInput(Tensor x, Tensor? initialCodes)
    {
        CheckShapes(x, initialCodes);
        CheckFinite(x);
    }

    /// <summary>All checks but that for values of x that are not finite.</summary>
    internal void CheckShapes(Tensor x, Tensor? initialCodes)
    {
        CheckTensor(x, nameof(x), InputSize);
        if (initialCodes is null) return;
        CheckTensor(initialCodes, nameof(initialCodes), Atoms);
        if (initialCodes.shape[0] != x.shape[0])
            throw new ArgumentException($"There are {initialCodes.shape[0]} initial codes for {x.shape[0]} samples.", nameof(initialCodes));
        CheckFinite(initialCodes, nameof(initialCodes));
    }

    internal static void CheckFinite(Tensor x) => CheckFinite(x, nameof(x));

    private void CheckTensor(Tensor tensor, string name, long columns)
    {
        if (tensor.dim() != 2 || tensor.shape[1] != columns)
            throw new ArgumentException($"{name} has shape [{string.Join(", ", tensor.shape)}] where the dictionary asks for [B, {columns}].", name);
        if (tensor.dtype != Dictionary.dtype || tensor.device_type != Dictionary.device_type || tensor.device_index != Dictionary.device_index)
            throw new ArgumentException($"{name} is {tensor.dtype} on {tensor.device}, the dictionary {Dictionary.dtype} on {Dictionary.device}.", name);
    }

    /// <summary>Refuses a matrix that is not finite.</summary>
    /// <param name="tensor">Its rows.</param>
    /// <param name="name">What it is, for the message.</param>
    internal static void CheckFinite(Tensor tensor, string name)
    {
        using var scope = NewDisposeScope();
        if (AllFinite(tensor.cpu().contiguous())) return;
        long row = isfinite(tensor).logical_not().any(1).to(int32).argmax().item<long>();
        throw new InvalidInputException($"{name} holds a NaN or infinite value in row {row}; remove or repair it.");
    }

    private static bool AllFinite(Tensor tensor) => tensor.dtype == ScalarType.Float32
        ? Precision.AllFinite<float>(tensor.Span<float>())
        : Precision.AllFinite<double>(tensor.Span<double>());

    private static Tensor Checked(Tensor dictionary)
    {
        if (dictionary.dim() != 2 || dictionary.numel() == 0 || dictionary.dtype is not (ScalarType.Float32 or ScalarType.Float64))
        {
            throw new ArgumentException(
                $"The dictionary is {dictionary.dtype} of shape [{string.Join(", ", dictionary.shape)}]; a float32 or float64 matrix [D, d] is needed.",
                nameof(dictionary));
        }
        CheckFinite(dictionary, nameof(dictionary));
        return Kept(() =>
        {
            // Spans, because a library's threads for these few numbers would go on spinning beside a solver's.
            var copy = empty(dictionary.shape, dictionary.dtype);
            dictionary.detach().cpu().contiguous().bytes.CopyTo(copy.bytes);
            return copy.to(dictionary.device);
        });
    }

    private static PackedMatrix Packed(Tensor dictionary)
    {
        using var host = dictionary.cpu();
        double[] values = new double[dictionary.numel()];
        if (host.dtype == ScalarType.Float32) Precision.Widen(host.Span<float>(), values);
        else host.Span<double>().CopyTo(values);
        return new(values, (int)dictionary.shape[0], (int)dictionary.shape[1]);
    }

    // The cache outlives the dispose scope in which it happens to be filled.
    private static Tensor Kept(Func<Tensor> compute)
    {
        using var scope = NewDisposeScope();
        using (no_grad()) return compute().DetachFromDisposeScope();
    }

    private void DisposeTensors()
    {
        foreach (var tensor in new[] { Dictionary, gram, exactDictionary, exactGram }) tensor?.Dispose();
        (gram, exactDictionary, exactGram, packedDictionary, paddedGram, squaredSpectralNorm) = (null, null, null, null, null, null);
    }
}
