using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Posteriors;
using VariationalSparseCoding.Random;

namespace VariationalSparseCoding.Engine;

/// <summary>The data of a step: inputs x, [B, D], the heads' outputs for them, and where the gradients by these are written.</summary>
/// <param name="X">x, [B, D].</param>
/// <param name="Heads">The heads' outputs, [B, d] each.</param>
/// <param name="HeadGradients">Receives dL/d(output), [B, d] each.</param>
internal readonly record struct StepData(MatrixOperand X, HeadMatrices Heads, HeadMatrices HeadGradients);

/// <summary>
/// One thread's slice of a batch: prepares the posteriors of its inputs, screens their draws, differentiates those that count.
/// Work on a slice allocates nothing; what it finds goes to <see cref="StepMemory"/>.
/// </summary>
internal sealed class BatchSlice
{
    private readonly Experiment experiment;
    private readonly StepMemory memory;
    private readonly RowPosterior posterior;
    private readonly DrawScreening? screening;
    private readonly int draws, inputSize;
    private readonly float[] errors;
    private float klWeight;
    private int first, count;

    /// <summary>Creates the buffers of a thread.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="memory">What the threads share.</param>
    /// <param name="threads">Number of threads.</param>
    public BatchSlice(Experiment experiment, StepMemory memory, int threads)
    {
        (this.experiment, this.memory) = (experiment, memory);
        (draws, inputSize) = (experiment.Sampling.Draws, memory.Residuals.Columns);
        int slots = (memory.WaveSize + threads - 1) / threads, features = memory.Codes.Columns;
        bool screens = memory.LinesPerInput < draws;
        screening = screens ? new(experiment.Posterior, features, inputSize, draws, slots) : null;
        posterior = RowPosterior.Create(experiment.Posterior, features, slots, Math.Max(slots * memory.LinesPerInput, screening?.Lines ?? 0));
        errors = new float[memory.LinesPerInput];
    }

    /// <summary>Begins a step.</summary>
    /// <param name="key">The noise's key.</param>
    /// <param name="anneal">The annealed weights.</param>
    public void Begin(NoiseKey key, AnnealedWeights anneal)
    {
        posterior.Begin(key, anneal);
        klWeight = (float)(experiment.Objective.KlWeight * anneal.KlShare / experiment.Schedule.BatchSize);
    }

    /// <summary>Takes inputs and prepares their posteriors.</summary>
    /// <param name="data">The step's data.</param>
    /// <param name="firstInput">The first input.</param>
    /// <param name="inputs">How many.</param>
    public void Prepare(in StepData data, int firstInput, int inputs)
    {
        (first, count) = (firstInput, inputs);
        for (int i = 0; i < count; i++) posterior.Prepare(i, (uint)(first + i), data.Heads.Row(first + i));
    }

    /// <summary>Finds the draw of each input whose code reconstructs it best.</summary>
    /// <param name="data">The step's data.</param>
    /// <param name="atoms">The transposed dictionary, [d, D].</param>
    public void Screen(in StepData data, FloatMatrix atoms) =>
        screening?.Choose(posterior, data.X, data.Heads, first, atoms, memory.Chosen.AsSpan(first, count));

    /// <summary>Draws the lines that count, and differentiates the loss by the heads' outputs.</summary>
    /// <param name="data">The step's data.</param>
    /// <param name="dictionary">A, [D, d].</param>
    /// <param name="firstLine">The line of the slice's first input.</param>
    public void Differentiate(in StepData data, FloatMatrix dictionary, int firstLine)
    {
        int perInput = memory.LinesPerInput, lines = count * perInput, features = dictionary.Columns, batchSize = experiment.Schedule.BatchSize;
        for (int line = 0; line < lines; line++)
        {
            int input = line / perInput;
            posterior.Draw(input, screening is null ? line % perInput : memory.Chosen[first + input], line, data.Heads.Row(first + input), memory.Codes[firstLine + line]);
            data.X.Row(first + input, inputSize).CopyTo(memory.Residuals[firstLine + line]);
        }
        MatrixOperand codes = memory.Codes.Operand.From(firstLine), residuals = memory.Residuals.Operand.From(firstLine);
        MatrixProduct.Multiply(codes, dictionary.Operand.Transposed, residuals, lines, inputSize, features, residuals, factor: -1);
        for (int i = 0; i < count; i++) Weigh(first + i, firstLine + i * perInput);
        MatrixProduct.Multiply(residuals, dictionary.Operand, memory.CodeGradients.Operand.From(firstLine), lines, features, inputSize, factor: -2f / ((float)batchSize * inputSize));
        for (int i = 0; i < count; i++) Pullback(data, i, firstLine + i * perInput);
    }

    /// <summary>Turns an input's residuals x - A z into weighted ones, and finds the factors by which weights that move with the losses change their gradients.</summary>
    private void Weigh(int input, int firstLine)
    {
        var weights = memory.Factors.AsSpan(firstLine, memory.LinesPerInput);
        for (int j = 0; j < errors.Length; j++) errors[j] = RowKernels.SumOfSquares(memory.Residuals[firstLine + j]) / inputSize;
        bool moving = experiment.Sampling.Selection == DrawSelection.Iwae;
        // The KL, which an input's draws share, does not change the weights.
        if (moving) RowKernels.SoftmaxOfNegatives(errors, weights);
        else weights.Fill(1f / errors.Length);
        double mean = 0;
        for (int j = 0; j < errors.Length; j++) mean += (double)weights[j] * errors[j];
        memory.Errors[input] = mean;
        for (int j = 0; j < errors.Length; j++)
        {
            if (errors.Length > 1) RowKernels.Scale(memory.Residuals[firstLine + j], weights[j]);
            weights[j] = moving ? 1 - (errors[j] - (float)mean) : 1;
        }
    }

    private void Pullback(in StepData data, int slot, int firstLine)
    {
        int perInput = memory.LinesPerInput, input = first + slot;
        for (int line = firstLine; line < firstLine + perInput; line++)
            if (memory.Factors[line] != 1) RowKernels.Scale(memory.CodeGradients[line], memory.Factors[line]);
        memory.Divergences[input] = posterior.Pullback(
            slot, slot * perInput, data.Heads.Row(input), memory.CodeGradients.Slice(firstLine, perInput), klWeight, data.HeadGradients.GradientRow(input));
        var drawn = memory.Codes.Slice(firstLine, perInput);
        memory.Active[input] = drawn.Length - drawn.Count(0f);
    }
}
