using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Networks;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Training;

/// <summary>
/// One thread's part of <see cref="FusedStep"/>: neighbouring inputs, from their heads' outputs to the gradients by them. It shares nothing that it writes.
/// </summary>
internal sealed class FusedPart : IDisposable
{
    // Codes and residuals of so many samples stay in the processor's caches.
    private const int ChunkLines = 512;

    private readonly Experiment experiment;
    private readonly FusedPosterior posterior;
    private readonly Tensor codeBuffer, residualBuffer, codeGradientBuffer;
    private readonly TensorRows inputs, dictionary, atoms, codes, residuals, codeGradients, dictionaryDirection;
    private readonly int firstInput, count, samples, perInput;
    private readonly Chunk[] scoring, differentiated;
    private readonly SparseCode sparseCode;
    private readonly int[] chosen;
    private readonly float[] losses, factors;
    private float klWeight;

    /// <summary>Creates the buffers.</summary>
    /// <param name="model">The model.</param>
    /// <param name="encoder">The network whose heads' outputs are read and whose heads' gradients are written.</param>
    /// <param name="atoms">A^T, [d, D], kept up to date by the caller.</param>
    /// <param name="firstInput">The first of the part's inputs.</param>
    /// <param name="count">Number of inputs.</param>
    public FusedPart(SparseCodingModel model, IFusedEncoder encoder, Tensor atoms, int firstInput, int count)
    {
        (this.firstInput, this.count, this.atoms) = (firstInput, count, atoms.Rows());
        experiment = model.Experiment;
        samples = experiment.Sampling.Draws;
        perInput = experiment.Sampling.Selection == SampleSelection.Max ? 1 : samples;
        dictionary = model.Linear.Dictionary.Rows();
        long inputSize = this.atoms.Length, features = dictionary.Length;
        bool scoresDensely = perInput < samples && !FusedPosterior.HasSparseCodes(experiment.Posterior);
        int lines = Math.Max(InputsAtOnce(perInput) * perInput, scoresDensely ? InputsAtOnce(samples) * samples : 0);

        inputs = encoder.Input.Rows();
        posterior = FusedPosterior.Create(experiment.Posterior, encoder.Outputs.Map(OwnRows), encoder.OutputGradients.Map(OwnRows), firstInput, lines);
        codeBuffer = zeros([lines, features]).DetachFromDisposeScope();
        residualBuffer = zeros([lines, inputSize]).DetachFromDisposeScope();
        codeGradientBuffer = zeros([lines, features]).DetachFromDisposeScope();
        (codes, residuals, codeGradients) = (codeBuffer.Rows(), residualBuffer.Rows(), codeGradientBuffer.Rows());
        DictionaryDirection = zeros([inputSize, features]).DetachFromDisposeScope();
        dictionaryDirection = DictionaryDirection.Rows();
        differentiated = Chunks(perInput);
        scoring = scoresDensely ? Chunks(samples) : [];
        sparseCode = new((int)features);
        chosen = new int[count];
        losses = new float[samples];
        factors = new float[lines];

        Tensor OwnRows(Tensor tensor) => tensor.narrow(0, firstInput, count).DetachFromDisposeScope();
    }

    /// <summary>Sum over the inputs of sum_j w_j (1/D)||x - A z_j||^2.</summary>
    public double Reconstruction { get; private set; }

    /// <summary>Sum over the inputs of the KL.</summary>
    public double Divergence { get; private set; }

    /// <summary>Number of codes of the differentiated samples that are not 0.</summary>
    public long Active { get; private set; }

    /// <summary>(1/B) sum_k sum_j w_kj (x_k - A z_kj) z_kj^T over the part's inputs, [D, d].</summary>
    public Tensor DictionaryDirection { get; }

    /// <summary>Chooses the sample of each input that is differentiated, where it is one of several.</summary>
    /// <param name="key">The noise's key.</param>
    /// <param name="anneal">Warm-up and temperature.</param>
    public void Screen(NoiseKey key, AnnealedWeights anneal)
    {
        posterior.Prepare(key, anneal);
        klWeight = (float)(TrainingObjective.KlWeight(experiment, anneal) / experiment.Schedule.BatchSize);
        foreach (var chunk in scoring)
        {
            Draw(chunk, every: true);
            SubtractReconstructions(chunk.Inputs * samples);
            for (int i = 0; i < chunk.Inputs; i++)
            {
                for (int sample = 0; sample < samples; sample++) losses[sample] = RowKernels.SumOfSquares(residuals[i * samples + sample]);
                chosen[chunk.First + i] = IndexOfLeast(losses);
            }
        }
        if (perInput == samples || scoring.Length > 0) return;
        for (int i = 0; i < count; i++)
        {
            for (int sample = 0; sample < samples; sample++)
            {
                posterior.SparseCodes(i, sample, sparseCode);
                losses[sample] = sparseCode.SquaredError(inputs[firstInput + i], atoms.All);
            }
            chosen[i] = IndexOfLeast(losses);
        }
    }

    /// <summary>Differentiates the loss by the heads' outputs and by the dictionary.</summary>
    public void Differentiate()
    {
        (Reconstruction, Divergence, Active) = (0, 0, 0);
        int batchSize = experiment.Schedule.BatchSize;
        foreach (var chunk in differentiated)
        {
            Draw(chunk, every: perInput == samples);
            int lines = chunk.Inputs * perInput;
            SubtractReconstructions(lines);
            for (int i = 0; i < chunk.Inputs; i++) Weigh(i * perInput);
            MatrixProduct.Multiply(
                residuals.Operand.Transposed, codes.Operand, dictionaryDirection.Operand, residuals.Length, codes.Length, lines,
                chunk.First == 0 ? default : dictionaryDirection.Operand, factor: 1f / batchSize);
            MatrixProduct.Multiply(
                residuals.Operand, dictionary.Operand, codeGradients.Operand, lines, codes.Length, residuals.Length, factor: -2f / ((float)batchSize * residuals.Length));
            for (int i = 0; i < chunk.Inputs; i++) Pullback(chunk.First + i, i * perInput);
            var drawn = codes.Slice(0, lines);
            Active += drawn.Length - drawn.Count(0f);
        }
    }

    public void Dispose()
    {
        posterior.Dispose();
        foreach (var tensor in new[] { codeBuffer, residualBuffer, codeGradientBuffer, DictionaryDirection }) tensor.Dispose();
    }

    /// <summary>Draws the codes of a chunk, and puts the inputs where the residuals will be.</summary>
    private void Draw(Chunk chunk, bool every)
    {
        int lines = every ? samples : 1;
        for (int line = 0; line < chunk.Inputs * lines; line++)
        {
            int input = chunk.First + line / lines;
            posterior.Draw(input, every ? line % lines : chosen[input], line, codes[line]);
            inputs[firstInput + input].CopyTo(residuals[line]);
        }
    }

    /// <summary>x - A z of the first lines, where x stands.</summary>
    private void SubtractReconstructions(int lines) =>
        MatrixProduct.Multiply(codes.Operand, atoms.Operand, residuals.Operand, lines, residuals.Length, codes.Length, residuals.Operand, factor: -1);

    /// <summary>Turns an input's residuals x - A z into weighted ones, and finds the factors by which weights that move with the losses change their gradients.</summary>
    private void Weigh(int firstLine)
    {
        Span<float> errors = losses.AsSpan(0, perInput), weights = factors.AsSpan(firstLine, perInput);
        for (int j = 0; j < perInput; j++) errors[j] = RowKernels.SumOfSquares(residuals[firstLine + j]) / residuals.Length;
        bool moving = experiment.Sampling.Selection == SampleSelection.Iwae;
        // The KL, which an input's samples share, does not change the weights.
        if (moving) RowKernels.SoftmaxOfNegatives(errors, weights);
        else weights.Fill(1f / perInput);
        double mean = 0;
        for (int j = 0; j < perInput; j++) mean += (double)weights[j] * errors[j];
        Reconstruction += mean;
        for (int j = 0; j < perInput; j++)
        {
            if (perInput > 1) RowKernels.Scale(residuals[firstLine + j], weights[j]);
            weights[j] = moving ? 1 - (errors[j] - (float)mean) : 1;
        }
    }

    private void Pullback(int input, int firstLine)
    {
        for (int line = firstLine; line < firstLine + perInput; line++)
            if (factors[line] != 1) RowKernels.Scale(codeGradients[line], factors[line]);
        Divergence += posterior.Pullback(input, firstLine, codeGradients.Slice(firstLine, perInput), klWeight);
    }

    private static int IndexOfLeast(ReadOnlySpan<float> errors)
    {
        int least = 0;
        for (int j = 1; j < errors.Length; j++)
            if (errors[j] < errors[least]) least = j;
        return least;
    }

    private int InputsAtOnce(int linesOfInput) => Math.Max(1, Math.Min(count, ChunkLines / linesOfInput));

    private Chunk[] Chunks(int linesOfInput) => [.. Enumerable.Range(0, count).Chunk(InputsAtOnce(linesOfInput))
        .Select(own => new Chunk(own[0], own.Length))];

    /// <summary>Inputs whose samples are worked on at once.</summary>
    /// <param name="First">The first input, counted in the part.</param>
    /// <param name="Inputs">Number of inputs.</param>
    private readonly record struct Chunk(int First, int Inputs);
}
