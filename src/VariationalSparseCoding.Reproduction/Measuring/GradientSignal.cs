using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Metrics;
using VariationalSparseCoding.Random;

namespace VariationalSparseCoding.Reproduction.Measuring;

/// <summary>Signal-to-noise ratios over the parameters of a gradient, means over batches.</summary>
/// <param name="Mean">Mean over parameters.</param>
/// <param name="Median">Median over parameters.</param>
internal readonly record struct SignalToNoise(double Mean, double Median)
{
    public static SignalToNoise operator +(SignalToNoise sum, RunningMoments batch) => new(sum.Mean + GradientSignalToNoise.Mean(batch), sum.Median + GradientSignalToNoise.Median(batch));

    public static SignalToNoise operator /(SignalToNoise sum, int batches) => new(sum.Mean / batches, sum.Median / batches);
}

/// <summary>Signal-to-noise ratios of a trained model's gradients, means over batches of validation samples (paper Fig. 4 and 9; docs/mathematics.md section 6.5).</summary>
/// <param name="Network">Of the training loss by the inference network's parameters.</param>
/// <param name="Dictionary">Of the reconstruction error by the dictionary.</param>
/// <param name="Batches">How many batches there were.</param>
internal sealed record GradientSignal(SignalToNoise Network, SignalToNoise Dictionary, int Batches)
{
    /// <summary>Repeats the gradient of each batch with other noise, with the warm-up over and the temperature at its floor.</summary>
    /// <param name="model">A model with an inference network.</param>
    /// <param name="validation">Preprocessed samples; the batches are the first ones, of the training's size.</param>
    /// <param name="batches">The most batches; fewer where there are not so many.</param>
    /// <param name="passes">Passes over each batch.</param>
    /// <param name="cancellationToken">Stops between passes.</param>
    public static GradientSignal Of(SparseCodingModel model, ISampleSet validation, int batches, int passes, CancellationToken cancellationToken)
    {
        var experiment = model.Experiment;
        var anneal = new AnnealedWeights(1, experiment.Schedule.Temperature.Floor, experiment.Schedule.ClassifierTemperature.Floor);
        int batchSize = experiment.Schedule.BatchSize, wholeBatches = validation.Count / batchSize;
        batches = Math.Min(batches, wholeBatches);
        if (batches == 0) throw new InvalidInputException($"The noise of gradients needs a whole batch of {batchSize} validation samples; there are {validation.Count}.");
        using var gradients = new BatchGradients(model);
        float[] network = new float[gradients.NetworkSize], dictionary = new float[gradients.DictionarySize];
        // The scales of the published code: the network's loss as a share of the mean over all validation batches, the dictionary's of the mean over all samples and pixels.
        float networkScale = 1f / wholeBatches, dictionaryScale = -2f / validation.Dimension / wholeBatches;
        SignalToNoise networkRatios = default, dictionaryRatios = default;
        for (int number = 0; number < batches; number++)
        {
            float[] batch = validation.Rows(number * batchSize, batchSize);
            RunningMoments networkMoments = new(network.Length), dictionaryMoments = new(dictionary.Length);
            for (int pass = 0; pass < passes; pass++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                gradients.Compute(batch, new(experiment.Seed, NoisePurpose.GradientPasses, (uint)(number * passes + pass)), anneal, network, dictionary);
                networkMoments.Add(Scaled(network, networkScale));
                dictionaryMoments.Add(Scaled(dictionary, dictionaryScale));
            }
            networkRatios += networkMoments;
            dictionaryRatios += dictionaryMoments;
        }
        return new(networkRatios / batches, dictionaryRatios / batches, batches);
    }

    private static float[] Scaled(float[] values, float factor)
    {
        RowKernels.Scale(values, factor);
        return values;
    }
}
