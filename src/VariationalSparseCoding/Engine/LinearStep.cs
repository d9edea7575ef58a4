using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Networks;
using VariationalSparseCoding.Objectives;
using VariationalSparseCoding.Random;

namespace VariationalSparseCoding.Engine;

/// <summary>
/// One step of Algorithm 1 with a linear generator (docs/mathematics.md sections 5.1 and 12), in closed form and float32, into memory that is taken once: draws are scored on their sparse
/// codes, the chosen ones drawn again from their counters, and dL/dz = (2/(B D)) w (A z - x) A pulled back to the heads and through the inference network.
/// </summary>
/// <remarks>
/// Each thread works on its own slice of the batch, of a layer's columns, of the dictionary's columns or of the weights. No sum is divided between threads, so that
/// the result has the same bits at any number of them.
/// </remarks>
internal sealed class LinearStep : IDisposable
{
    private readonly Experiment experiment;
    private readonly LinearParameters parameters;
    private readonly ThreadTeam team;
    private readonly IEncoderPass encoder;
    private readonly NesterovMomentum optimiser;
    private readonly StepMemory memory;
    private readonly BatchSlice[] slices;
    private readonly FloatMatrix? atoms;
    private readonly CodeCurvature? curvature;
    private readonly int batchSize, inputSize;

    /// <summary>Creates the forward and backward pass of a network over batches of a size.</summary>
    public delegate IEncoderPass PassFactory(DenseNetwork network, int batchSize, ThreadTeam team);

    /// <summary>Creates the buffers, with the optimiser at rest, and the threads: as many as the experiment says, or else one for each core.</summary>
    /// <param name="experiment">The experiment; see <see cref="ManagedSupport"/>.</param>
    /// <param name="parameters">What is trained; the step keeps no copy.</param>
    /// <param name="createPass">Creates the inference network's pass.</param>
    public LinearStep(Experiment experiment, LinearParameters parameters, PassFactory createPass)
    {
        (this.experiment, this.parameters) = (experiment, parameters);
        var network = parameters.Network ?? throw new ArgumentException("MAP inference has no inference network.", nameof(parameters));
        (batchSize, inputSize) = (experiment.Schedule.BatchSize, parameters.Dictionary.Rows);
        int wanted = experiment.Compute.Threads;
        team = new(Math.Min(wanted > 0 ? wanted : Environment.ProcessorCount, batchSize));
        try
        {
            encoder = createPass(network, batchSize, team);
            optimiser = new([.. network.Parameters.Select(parameter => parameter.Value)], experiment.Schedule.Momentum);
            memory = new(experiment, inputSize, team.Size);
            slices = [.. Enumerable.Range(0, team.Size).Select(_ => new BatchSlice(experiment, memory, team.Size))];
            // Where several draws of an input count, only a wave's codes are kept.
            if (experiment.Schedule.StepSizes == StepSizes.Adaptive && memory.LinesPerInput == 1) curvature = new(parameters.Dictionary.Columns);
            if (memory.LinesPerInput < experiment.Sampling.Draws) atoms = new(parameters.Dictionary.Columns, inputSize);
        }
        catch
        {
            encoder?.Dispose();
            team.Dispose();
            throw;
        }
    }

    /// <summary>The momentum of each parameter of the network, in their order.</summary>
    public IReadOnlyList<FloatMatrix> Momentum => optimiser.Buffers;

    /// <summary>The gradients of the network's parameters, in their order, after <see cref="Differentiate(ReadOnlySpan{float}, NoiseKey, AnnealedWeights, StepTimes?)"/>.</summary>
    public IReadOnlyList<FloatMatrix> Gradients => encoder.Gradients;

    /// <summary>(1/B) sum_k sum_j w_kj (x_k - A z_kj) z_kj^T, [D, d], after <see cref="Differentiate(ReadOnlySpan{float}, NoiseKey, AnnealedWeights, StepTimes?)"/>.</summary>
    public FloatMatrix DictionaryDirection => memory.Direction;

    /// <summary>Draws, scores, chooses and differentiates.</summary>
    /// <param name="x">The batch, [B, D].</param>
    /// <param name="key">The noise's key.</param>
    /// <param name="anneal">The annealed weights.</param>
    /// <param name="times">Receives the times of the parts, if any.</param>
    public unsafe StepTerms Differentiate(ReadOnlySpan<float> x, NoiseKey key, AnnealedWeights anneal, StepTimes? times = null)
    {
        if (x.Length != batchSize * inputSize) throw new ArgumentException($"The batch has {x.Length} values where the step was made for [{batchSize}, {inputSize}].", nameof(x));
        encoder.Forward(x);
        times?.Lap(StepPart.EncoderForward);
        fixed (float* start = x)
        {
            var data = new StepData(new(start, inputSize), encoder.Outputs, encoder.OutputGradients);
            if (atoms is not null) Screen(data, key, anneal);
            times?.Lap(StepPart.Screening);
            Differentiate(data, key, anneal);
        }
        encoder.Backward();
        times?.Lap(StepPart.Backward);
        double error = memory.Errors.Sum() / batchSize, divergence = memory.Divergences.Sum() / batchSize, active = memory.Active.Sum(count => (long)count);
        double codes = (double)batchSize * memory.LinesPerInput * memory.Codes.Columns;
        return new(error + experiment.Objective.KlWeight * anneal.KlShare * divergence, error, divergence, active / codes);
    }

    /// <summary>
    /// Moves the network's parameters along their gradients, and the dictionary to A + step (direction - 2 kappa A): descent on 1/2||x - Az||^2 + kappa ||A||_F^2,
    /// the penalty in full and the data's part as half the gradient of eq. (11) (docs/mathematics.md section 9, row 13). A step that adapts is shortened first.
    /// </summary>
    /// <param name="learningRate">The rate of the network's step.</param>
    /// <param name="dictionaryStep">The dictionary's step size.</param>
    /// <param name="times">Receives the times of the parts, if any.</param>
    public void Update(double learningRate, double dictionaryStep, StepTimes? times = null)
    {
        dictionaryStep = curvature?.Shorten(dictionaryStep, memory.Codes.Operand, batchSize) ?? dictionaryStep;
        team.Run(part => optimiser.StepPart(encoder.Gradients, learningRate, part, team.Size));
        times?.Lap(StepPart.Optimiser);
        float kept = (float)(1 - 2 * experiment.Objective.DictionaryPenalty * dictionaryStep);
        team.Run(part =>
        {
            int first = team.Bound(inputSize, part), end = team.Bound(inputSize, part + 1);
            RowKernels.ScaleAndAdd(parameters.Dictionary.Slice(first, end - first), kept, memory.Direction.Slice(first, end - first), (float)dictionaryStep);
        });
        times?.Lap(StepPart.Dictionary);
    }

    public void Dispose()
    {
        team.Dispose();
        encoder.Dispose();
    }

    private void Screen(StepData data, NoiseKey key, AnnealedWeights anneal)
    {
        team.Run(part => atoms!.CopyTransposed(parameters.Dictionary, team.Bound(atoms.Rows, part), team.Bound(atoms.Rows, part + 1) - team.Bound(atoms.Rows, part)));
        team.Run(part =>
        {
            int first = team.Bound(batchSize, part);
            slices[part].Begin(key, anneal);
            slices[part].Prepare(data, first, team.Bound(batchSize, part + 1) - first);
            slices[part].Screen(data, atoms!);
        });
    }

    private void Differentiate(StepData data, NoiseKey key, AnnealedWeights anneal)
    {
        for (int wave = 0; wave < batchSize; wave += memory.WaveSize)
        {
            int start = wave, inputs = Math.Min(memory.WaveSize, batchSize - wave);
            team.Run(part =>
            {
                int first = team.Bound(inputs, part), count = team.Bound(inputs, part + 1) - first;
                // Where there was a screening, it has prepared the same inputs.
                if (atoms is null)
                {
                    slices[part].Begin(key, anneal);
                    slices[part].Prepare(data, start + first, count);
                }
                slices[part].Differentiate(data, parameters.Dictionary, first * memory.LinesPerInput);
            });
            team.Run(part => AddToDirection(part, inputs * memory.LinesPerInput, accumulate: start > 0));
        }
    }

    private void AddToDirection(int part, int lines, bool accumulate)
    {
        var (first, end) = team.PanelBounds(memory.Direction.Columns, part);
        var direction = memory.Direction.Operand.From(0, first);
        MatrixProduct.Multiply(
            memory.Residuals.Operand.Transposed, memory.Codes.Operand.From(0, first), direction, inputSize, end - first, lines, accumulate ? direction : default, factor: 1f / batchSize);
    }
}
