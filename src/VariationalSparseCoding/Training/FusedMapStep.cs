using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.MapInference;
using VariationalSparseCoding.Networks;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Training;

/// <summary>
/// The baseline's step on the processor in float32 without the tensor library: codes by <see cref="PublishedFista"/>, then the dictionary's step in place.
/// Threads divide samples and columns of the dictionary; the result has the same bits at any number of them.
/// </summary>
internal sealed class FusedMapStep : IDisposable
{
    private readonly SparseCodingModel model;
    private readonly ThreadTeam team;
    private readonly PublishedFista fista;
    private readonly Tensor residualBuffer;
    private readonly TensorRows dictionary, residuals;
    private readonly float[] squares, magnitudes;
    private readonly int[] active;
    private readonly int batchSize, inputSize, atoms;

    /// <summary>Creates the buffers and the threads: as many as the experiment says, or else as the tensor library has.</summary>
    /// <param name="model">The model; see <see cref="Supports"/>.</param>
    public FusedMapStep(SparseCodingModel model)
    {
        this.model = model;
        dictionary = model.Linear.Dictionary.Rows();
        (batchSize, inputSize, atoms) = (model.Experiment.Schedule.BatchSize, (int)model.Linear.Dictionary.shape[0], dictionary.Length);
        int wanted = model.Experiment.Compute.Threads;
        team = new(Math.Min(wanted > 0 ? wanted : get_num_threads(), batchSize), () => { });
        fista = new(team, batchSize, inputSize, atoms);
        residualBuffer = zeros([batchSize, inputSize]).DetachFromDisposeScope();
        residuals = residualBuffer.Rows();
        (squares, magnitudes, active) = (new float[batchSize], new float[batchSize], new int[batchSize]);
    }

    /// <summary>Whether a model's step has a fused form; where it has none, tensors do the step.</summary>
    /// <param name="model">The model.</param>
    public static bool Supports(SparseCodingModel model) =>
        model.Device.type == TorchSharp.DeviceType.CPU && model.Linear.Dictionary.dtype == ScalarType.Float32 && model.Linear.Dictionary.is_contiguous();

    /// <summary>Finds codes and moves the dictionary.</summary>
    /// <param name="batch">x, [B, D].</param>
    /// <param name="lambda">The weight of the L1 norm.</param>
    /// <param name="step">The dictionary's step size.</param>
    /// <returns>The means over the batch of 1/2 ||x - A z||^2 and ||z||_1, the fraction of active codes, and the iterations of FISTA.</returns>
    public (double Reconstruction, double L1, double ActiveFraction, int Iterations) Apply(Tensor batch, double lambda, double step)
    {
        if (batch.shape[0] != batchSize || batch.shape[1] != inputSize)
            throw new ArgumentException($"The batch is [{string.Join(", ", batch.shape)}] where the step was made for [{batchSize}, {inputSize}].", nameof(batch));
        LassoProblem.CheckFinite(model.Linear.Dictionary, "dictionary");
        LassoProblem.CheckFinite(batch, "x");
        var x = batch.Rows().Operand;
        int iterations = fista.Solve(dictionary.Operand, x, MapOptions.PublishedFista(lambda));
        team.Run(part => Reconstruct(x, part));
        team.Run(part => Learn(step, part));
        return (Sum(squares) / 2 / batchSize, Sum(magnitudes) / batchSize, active.Sum() / ((double)batchSize * atoms), iterations);
    }

    public void Dispose()
    {
        team.Dispose();
        fista.Dispose();
        residualBuffer.Dispose();
    }

    /// <summary>x - A z of some samples, and what their terms need.</summary>
    private void Reconstruct(MatrixOperand x, int part)
    {
        int first = team.Bound(batchSize, part), end = team.Bound(batchSize, part + 1);
        MatrixProduct.Multiply(fista.Codes.From(first), dictionary.Operand.Transposed, residuals.Operand.From(first), end - first, inputSize, atoms, x.From(first), factor: -1);
        for (int row = first; row < end; row++)
        {
            squares[row] = RowKernels.SumOfSquares(residuals[row]);
            magnitudes[row] = RowKernels.SumOfMagnitudes(fista.Code(row));
            active[row] = atoms - fista.Code(row).Count(0f);
        }
    }

    /// <summary>A + step [(1/B) (x - A z)^T z - 2 kappa A], as <see cref="LinearGenerator.Step"/>, of some columns.</summary>
    private void Learn(double step, int part)
    {
        const int panel = MatrixProduct.PanelWidth;
        int panels = (atoms + panel - 1) / panel, first = team.Bound(panels, part) * panel, columns = Math.Min(team.Bound(panels, part + 1) * panel, atoms) - first;
        if (columns <= 0) return;
        float kept = (float)(1 - 2 * model.Experiment.Objective.DictionaryPenalty * step);
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
