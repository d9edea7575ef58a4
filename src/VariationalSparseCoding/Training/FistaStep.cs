using VariationalSparseCoding.Engine;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.MapInference;
using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.Training;

/// <summary>
/// The baseline's step in float32: codes by <see cref="PublishedFista"/>, then the dictionary's step in place.
/// Threads divide samples and columns of the dictionary; the result has the same bits at any number of them.
/// </summary>
internal sealed class FistaStep : IDisposable
{
    private readonly FloatMatrix dictionary, samples, residuals;
    private readonly double dictionaryPenalty;
    private readonly PublishedFista fista;
    private readonly CodeCurvature? curvature;
    private readonly float[] squares, magnitudes;
    private readonly int[] active;
    private readonly ThreadTeam team;
    private readonly int batchSize, inputSize, atoms;

    /// <summary>Creates the buffers and the threads.</summary>
    /// <param name="dictionary">A, [D, d]; each step changes it in place.</param>
    /// <param name="batchSize">B, at least 1.</param>
    /// <param name="threads">The most threads to use, at least 1.</param>
    /// <param name="dictionaryPenalty">kappa, the weight of ||A||_F^2.</param>
    /// <param name="adapts">Whether steps of the dictionary are shortened where the codes need it.</param>
    public FistaStep(FloatMatrix dictionary, int batchSize, int threads, double dictionaryPenalty, bool adapts = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        (this.dictionary, this.dictionaryPenalty) = (dictionary, dictionaryPenalty);
        (this.batchSize, inputSize, atoms) = (batchSize, dictionary.Rows, dictionary.Columns);
        (samples, residuals) = (new(batchSize, inputSize), new(batchSize, inputSize));
        curvature = adapts ? new(atoms) : null;
        (squares, magnitudes, active) = (new float[batchSize], new float[batchSize], new int[batchSize]);
        team = new(Math.Min(threads, batchSize), () => { });
        try
        {
            fista = new(team, batchSize, inputSize, atoms);
        }
        catch
        {
            // Nobody else will end the threads.
            team.Dispose();
            throw;
        }
    }

    /// <summary>Finds codes and moves the dictionary.</summary>
    /// <param name="x">Samples, [B, D].</param>
    /// <param name="lambda">The weight of the L1 norm.</param>
    /// <param name="step">The dictionary's step size.</param>
    /// <returns>The means over the batch of 1/2 ||x - A z||^2 and ||z||_1, the fraction of active codes, and the iterations of FISTA.</returns>
    /// <exception cref="InvalidInputException">The samples or the dictionary hold NaN or infinite values.</exception>
    public (double Reconstruction, double L1, double ActiveFraction, int Iterations) Apply(ReadOnlySpan<float> x, double lambda, double step)
    {
        if (x.Length != batchSize * inputSize) throw new ArgumentException($"There are {x.Length} numbers where the step was made for a batch [{batchSize}, {inputSize}].", nameof(x));
        for (int row = 0; row < inputSize; row++)
            if (!Precision.AllFinite<float>(dictionary[row])) throw new InvalidInputException($"dictionary holds a NaN or infinite value in row {row}; remove or repair it.");
        LassoProblem.CheckFinite(x, inputSize, nameof(x));
        x.CopyTo(samples.All);
        int iterations = fista.Solve(dictionary.Operand, samples.Operand, MapOptions.PublishedFista(lambda));
        step = curvature?.Shorten(step, fista.Codes, batchSize) ?? step;
        team.Run(Reconstruct);
        team.Run(part => Learn(step, part));
        return (Sum(squares) / 2 / batchSize, Sum(magnitudes) / batchSize, active.Sum() / ((double)batchSize * atoms), iterations);
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose() => team.Dispose();

    /// <summary>x - A z of some samples, and what their terms need.</summary>
    private void Reconstruct(int part)
    {
        int first = team.Bound(batchSize, part), end = team.Bound(batchSize, part + 1);
        MatrixProduct.Multiply(
            fista.Codes.From(first), dictionary.Operand.Transposed, residuals.Operand.From(first), end - first, inputSize, atoms, samples.Operand.From(first), factor: -1);
        for (int row = first; row < end; row++)
        {
            squares[row] = RowKernels.SumOfSquares(residuals[row]);
            magnitudes[row] = RowKernels.SumOfMagnitudes(fista.Code(row));
            active[row] = atoms - fista.Code(row).Count(0f);
        }
    }

    /// <summary>
    /// A + step [(1/B) (x - A z)^T z - 2 kappa A] of some columns: descent on 1/2 ||x - A z||^2 + kappa ||A||_F^2, the penalty in full and the data's part as
    /// half the gradient of the paper's eq. (11).
    /// </summary>
    private void Learn(double step, int part)
    {
        const int panel = MatrixProduct.PanelWidth;
        int panels = (atoms + panel - 1) / panel, first = team.Bound(panels, part) * panel, columns = Math.Min(team.Bound(panels, part + 1) * panel, atoms) - first;
        if (columns <= 0) return;
        float kept = (float)(1 - 2 * dictionaryPenalty * step);
        for (int row = 0; row < inputSize; row++) RowKernels.Scale(dictionary[row].Slice(first, columns), kept);
        var own = dictionary.Operand.From(0, first);
        MatrixProduct.Multiply(residuals.Operand.Transposed, fista.Codes.From(0, first), own, inputSize, columns, batchSize, own, (float)(step / batchSize));
    }

    private static double Sum(float[] numbers)
    {
        double sum = 0;
        foreach (float number in numbers) sum += number;
        return sum;
    }
}
