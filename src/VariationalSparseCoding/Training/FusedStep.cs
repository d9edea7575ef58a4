using TorchSharp;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Networks;
using VariationalSparseCoding.Posteriors;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Training;

/// <summary>
/// The gradients of <see cref="LinearObjective"/> on the CPU in float32, in closed form and in buffers that are made once: samples are scored on their sparse codes, the chosen
/// ones drawn again from their counters, and dL/dz = (2/(B D)) w (A z - x) A pulled back to the heads and through the inference network (SPEC section 12).
/// </summary>
internal sealed class FusedStep : IDisposable
{
    // Codes and residuals of so many samples stay in the processor's caches.
    private const int ChunkLines = 2048;

    private readonly SparseCodingModel model;
    private readonly FusedEncoder encoder;
    private readonly FusedPosterior posterior;
    private readonly Tensor dictionaryTransposed, atoms, direction;
    private readonly Tensor codeBuffer, residualBuffer, codeGradientBuffer;
    private readonly TensorRows codes, residuals, codeGradients;
    private readonly int batchSize, samples, perInput;
    private readonly Chunk[] scoring, differentiated;
    private readonly int[] chosen, active;
    private readonly float[] losses, factors;
    private readonly double[] reconstruction, divergence;

    /// <summary>Creates the buffers.</summary>
    /// <param name="model">The model; see <see cref="Supports"/>.</param>
    /// <param name="batchSize">B.</param>
    public FusedStep(SparseCodingModel model, int batchSize)
    {
        this.model = model;
        this.batchSize = batchSize;
        samples = model.Experiment.Sampling.Samples;
        perInput = model.Experiment.Sampling.Selection == SampleSelection.Max ? 1 : samples;
        using var _ = no_grad();
        var dictionary = model.Generator.Dictionary;
        long inputs = dictionary.shape[0], features = dictionary.shape[1];
        bool scoresDensely = perInput < samples && !FusedPosterior.HasSparseCodes(model.Experiment.Posterior);
        int lines = Math.Max(LinesAtOnce(perInput), scoresDensely ? LinesAtOnce(samples) : 0);

        encoder = new(model.Network!, model.Posterior!.Heads, batchSize);
        posterior = FusedPosterior.Create(model.Experiment.Posterior, encoder.Outputs, encoder.OutputGradients, lines);
        dictionaryTransposed = dictionary.t().DetachFromDisposeScope();
        atoms = zeros([features, inputs]).DetachFromDisposeScope();
        direction = zeros([inputs, features]).DetachFromDisposeScope();
        codeBuffer = zeros([lines, features]).DetachFromDisposeScope();
        residualBuffer = zeros([lines, inputs]).DetachFromDisposeScope();
        codeGradientBuffer = zeros([lines, features]).DetachFromDisposeScope();
        (codes, residuals, codeGradients) = (codeBuffer.Rows(), residualBuffer.Rows(), codeGradientBuffer.Rows());
        differentiated = Chunks(perInput);
        scoring = scoresDensely ? Chunks(samples) : [];
        chosen = new int[batchSize];
        active = new int[batchSize];
        losses = new float[Math.Max(lines, samples)];
        factors = new float[lines];
        reconstruction = new double[batchSize];
        divergence = new double[batchSize];
    }

    /// <summary>Whether a model's step has a fused form; where it has none, tensors and autograd do the step.</summary>
    /// <param name="model">The model.</param>
    public static bool Supports(SparseCodingModel model)
    {
        var sampling = model.Experiment.Sampling;
        return model.Device.type == DeviceType.CPU && model.Generator.Dictionary.dtype == ScalarType.Float32 && FusedPosterior.Supports(model.Experiment.Posterior)
            && model.Experiment.Prior.Kind == PriorKind.Fixed && !sampling.IsImportanceBound;
    }

    /// <summary>The gradients of the network's parameters, in their order, after <see cref="Differentiate"/>.</summary>
    public IReadOnlyList<Tensor> Gradients => encoder.Gradients;

    /// <summary>(1/B) sum_k sum_j w_kj (x_k - A z_kj) z_kj^T after <see cref="Differentiate"/>, [D, d].</summary>
    public Tensor DictionaryDirection => direction;

    /// <summary>Receives the times of the parts, where it is set.</summary>
    public StepTimes? Times { get; set; }

    /// <summary>Samples, scores, chooses and differentiates.</summary>
    /// <param name="batch">x, [B, D], contiguous.</param>
    /// <param name="key">The noise's key.</param>
    /// <param name="anneal">Warm-up and temperature.</param>
    /// <returns>Loss, weighted reconstruction error, KL and active fraction, as <see cref="LinearObjectiveResult.Terms"/>.</returns>
    public IReadOnlyList<double> Differentiate(Tensor batch, NoiseKey key, Anneal anneal)
    {
        int threads = get_num_threads();
        var inputs = batch.Rows();
        encoder.Forward(batch);
        Times?.Lap(StepPart.EncoderForward);
        posterior.Prepare(key, anneal);
        if (perInput < samples && scoring.Length == 0) ChooseBySparseCodes(inputs, threads);
        foreach (var chunk in scoring) ChooseByDenseCodes(chunk, inputs, threads);

        foreach (var chunk in differentiated)
        {
            Draw(chunk, inputs, perInput == samples ? null : chosen, threads);
            Times?.Lap(StepPart.Screening);
            chunk.Residuals.addmm_(chunk.Codes, dictionaryTransposed, alpha: -1);
            for (int row = 0; row < chunk.Rows; row++) Weigh(chunk, row);
            chunk.CodeGradients.addmm_(chunk.Residuals, model.Generator.Dictionary, beta: 0, alpha: -2f / (batchSize * inputs.Length));
            ParallelRanges.Run(chunk.Rows, threads, (first, end) =>
            {
                for (int row = first; row < end; row++) Pullback(chunk, row);
            });
            Times?.Lap(StepPart.Backward);
            direction.addmm_(chunk.ResidualsTransposed, chunk.Codes, beta: chunk.FirstRow == 0 ? 0 : 1, alpha: 1f / batchSize);
            Times?.Lap(StepPart.Dictionary);
        }
        encoder.Backward(batch);
        Times?.Lap(StepPart.Backward);
        double error = reconstruction.Average(), kl = divergence.Average();
        return [error + model.Experiment.Objective.KlWeight * kl, error, kl, active.Sum() / ((double)batchSize * perInput * codes.Length)];
    }

    public void Dispose()
    {
        encoder.Dispose();
        posterior.Dispose();
        foreach (var chunk in scoring.Concat(differentiated)) chunk.Dispose();
        foreach (var tensor in new[] { dictionaryTransposed, atoms, direction, codeBuffer, residualBuffer, codeGradientBuffer }) tensor.Dispose();
    }

    private void ChooseBySparseCodes(TensorRows inputs, int threads)
    {
        atoms.copy_(dictionaryTransposed);
        var rows = atoms.Rows();
        ParallelRanges.Run(batchSize, threads, (first, end) =>
        {
            var code = new SparseCode(codes.Length);
            var errors = new float[samples];
            for (int row = first; row < end; row++)
            {
                for (int sample = 0; sample < samples; sample++)
                {
                    posterior.SparseCodes(row, sample, code);
                    errors[sample] = code.SquaredError(inputs[row], rows.All);
                }
                chosen[row] = IndexOfLeast(errors);
            }
        });
    }

    private void ChooseByDenseCodes(Chunk chunk, TensorRows inputs, int threads)
    {
        Draw(chunk, inputs, null, threads);
        chunk.Residuals.addmm_(chunk.Codes, dictionaryTransposed, alpha: -1);
        for (int row = 0; row < chunk.Rows; row++)
        {
            var errors = losses.AsSpan(0, samples);
            for (int sample = 0; sample < samples; sample++) errors[sample] = RowKernels.SumOfSquares(residuals[row * samples + sample]);
            chosen[chunk.FirstRow + row] = IndexOfLeast(errors);
        }
    }

    private static int IndexOfLeast(ReadOnlySpan<float> errors)
    {
        int least = 0;
        for (int j = 1; j < errors.Length; j++)
            if (errors[j] < errors[least]) least = j;
        return least;
    }

    /// <summary>Draws the codes of a chunk, and puts the inputs where the residuals will be.</summary>
    private void Draw(Chunk chunk, TensorRows inputs, int[]? sampleOfRow, int threads) => ParallelRanges.Run(chunk.Rows, threads, (first, end) =>
    {
        for (int row = first; row < end; row++)
        {
            int input = chunk.FirstRow + row, zeros = 0;
            for (int j = 0; j < chunk.PerInput; j++)
            {
                int line = row * chunk.PerInput + j;
                posterior.Draw(input, sampleOfRow is null ? j : sampleOfRow[input], line, codes[line]);
                zeros += codes[line].Count(0f);
                inputs[input].CopyTo(residuals[line]);
            }
            active[input] = chunk.PerInput * codes.Length - zeros;
        }
    });

    /// <summary>Turns an input's residuals x - A z into weighted ones, and finds the factors by which weights that move with the losses change their gradients.</summary>
    private void Weigh(Chunk chunk, int row)
    {
        int firstLine = row * chunk.PerInput;
        Span<float> errors = losses.AsSpan(0, chunk.PerInput), weights = factors.AsSpan(firstLine, chunk.PerInput);
        for (int j = 0; j < errors.Length; j++) errors[j] = RowKernels.SumOfSquares(residuals[firstLine + j]) / residuals.Length;
        var selection = model.Experiment.Sampling.Selection;
        Weights(errors, weights, selection);
        double mean = 0;
        for (int j = 0; j < errors.Length; j++) mean += (double)weights[j] * errors[j];
        reconstruction[chunk.FirstRow + row] = mean;
        for (int j = 0; j < errors.Length; j++)
        {
            RowKernels.Scale(residuals[firstLine + j], weights[j]);
            weights[j] = selection == SampleSelection.Iwae ? 1 - (errors[j] - (float)mean) : 1;
        }
    }

    /// <summary>The weights of an input's samples; the KL, which they share, does not change them.</summary>
    private static void Weights(ReadOnlySpan<float> errors, Span<float> weights, SampleSelection selection)
    {
        weights.Fill(1f / weights.Length);
        if (selection != SampleSelection.Iwae) return;
        float least = float.PositiveInfinity, sum = 0;
        foreach (float error in errors) least = MathF.Min(least, error);
        for (int j = 0; j < weights.Length; j++) sum += weights[j] = MathF.Exp(least - errors[j]);
        for (int j = 0; j < weights.Length; j++) weights[j] /= sum;
    }

    private void Pullback(Chunk chunk, int row)
    {
        int firstLine = row * chunk.PerInput, input = chunk.FirstRow + row;
        for (int line = firstLine; line < firstLine + chunk.PerInput; line++)
            if (factors[line] != 1) RowKernels.Scale(codeGradients[line], factors[line]);
        divergence[input] = posterior.Pullback(input, firstLine, codeGradients.Slice(firstLine, chunk.PerInput), (float)(model.Experiment.Objective.KlWeight / batchSize));
    }

    private int LinesAtOnce(int linesOfInput) => RowsAtOnce(linesOfInput) * linesOfInput;

    private int RowsAtOnce(int linesOfInput) => Math.Clamp(ChunkLines / linesOfInput, 1, batchSize);

    private Chunk[] Chunks(int linesOfInput) =>
        [.. Enumerable.Range(0, batchSize).Chunk(RowsAtOnce(linesOfInput)).Select(rows => new Chunk(rows[0], rows.Length, linesOfInput, codeBuffer, residualBuffer, codeGradientBuffer))];

    /// <summary>Neighbouring inputs whose samples are worked on at once, and the part of the buffers that they fill.</summary>
    private sealed class Chunk(int firstRow, int rows, int perInput, Tensor codes, Tensor residuals, Tensor codeGradients) : IDisposable
    {
        public int FirstRow => firstRow;

        public int Rows => rows;

        /// <summary>Samples of an input.</summary>
        public int PerInput => perInput;

        /// <summary>z, [lines, d].</summary>
        public Tensor Codes { get; } = codes.narrow(0, 0, (long)rows * perInput).DetachFromDisposeScope();

        /// <summary>w (x - A z), [lines, D].</summary>
        public Tensor Residuals { get; } = residuals.narrow(0, 0, (long)rows * perInput).DetachFromDisposeScope();

        /// <summary>The same as columns, [D, lines].</summary>
        public Tensor ResidualsTransposed { get; } = residuals.narrow(0, 0, (long)rows * perInput).t().DetachFromDisposeScope();

        /// <summary>dL/dz, [lines, d].</summary>
        public Tensor CodeGradients { get; } = codeGradients.narrow(0, 0, (long)rows * perInput).DetachFromDisposeScope();

        public void Dispose()
        {
            foreach (var view in new[] { Codes, Residuals, ResidualsTransposed, CodeGradients }) view.Dispose();
        }
    }
}
