using VariationalSparseCoding.Random;
using VariationalSparseCoding.Torch.Training;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace VariationalSparseCoding.Reproduction.Features;

/// <summary>How a classifier of Fashion-MNIST is trained.</summary>
internal sealed record FashionClassifierRecipe(int Epochs = 4, int BatchSize = 128, double LearningRate = 1e-3, ulong Seed = 0);

/// <summary>Trains a classifier of Fashion-MNIST by cross-entropy and Adam, its rate falling linearly to zero.</summary>
internal static class FashionClassifierTraining
{
    /// <summary>Trains from the beginning.</summary>
    public static FashionClassifierNetwork Run(LabelledImages images, FashionClassifierRecipe recipe, CancellationToken cancellationToken)
    {
        Check(images, "training");
        var network = FashionClassifierNetwork.Create(recipe.Seed);
        try
        {
            Fit(network, images, recipe, cancellationToken);
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <exception cref="InvalidInputException">The images are not of Fashion-MNIST's form.</exception>
    public static void Check(LabelledImages images, string name)
    {
        int count = images.Labels.Length;
        if (count == 0 || images.Images.Length != (long)count * FashionClassifierNetwork.Pixels)
            throw new InvalidInputException($"The {name} images of the Fashion-MNIST classifier are {images.Images.Length} pixels with {count} labels; give 784 pixels for each label.");
        int wrong = images.Labels.Span.IndexOfAnyExceptInRange((byte)0, (byte)(FashionClassifierNetwork.Classes - 1));
        if (wrong >= 0) throw new InvalidInputException($"Label {wrong} of the {name} images of the Fashion-MNIST classifier is {images.Labels.Span[wrong]}; labels are 0 to 9.");
    }

    private static void Fit(FashionClassifierNetwork network, LabelledImages images, FashionClassifierRecipe recipe, CancellationToken cancellationToken)
    {
        int count = images.Labels.Length, batches = (count + recipe.BatchSize - 1) / recipe.BatchSize;
        using var optimizer = new AdamOptimiser([.. network.Parameters.Select(pair => (pair.Key, pair.Value))], new());
        int[] order = [.. Enumerable.Range(0, count)];
        float[] pixels = new float[recipe.BatchSize * FashionClassifierNetwork.Pixels];
        long[] labels = new long[recipe.BatchSize];
        for (int epoch = 0; epoch < recipe.Epochs; epoch++)
        {
            new CounterRandom(new NoiseKey(recipe.Seed, NoisePurpose.Permutation, (uint)epoch)).Shuffle(order);
            for (int batch = 0; batch < batches; batch++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                ReadOnlySpan<int> chosen = order.AsSpan(batch * recipe.BatchSize, Math.Min(recipe.BatchSize, count - batch * recipe.BatchSize));
                for (int i = 0; i < chosen.Length; i++)
                {
                    images.Images.Span.Slice(chosen[i] * FashionClassifierNetwork.Pixels, FashionClassifierNetwork.Pixels).CopyTo(pixels.AsSpan(i * FashionClassifierNetwork.Pixels));
                    labels[i] = images.Labels.Span[chosen[i]];
                }
                using var scope = NewDisposeScope();
                Tensor scores = network.ToScores(network.ToFeatures(FashionClassifierNetwork.Input(pixels.AsSpan(0, chosen.Length * FashionClassifierNetwork.Pixels))));
                optimizer.ZeroGradients();
                cross_entropy(scores, tensor(labels[..chosen.Length])).backward();
                int step = epoch * batches + batch;
                optimizer.Step(step, recipe.LearningRate * (1 - (double)step / (recipe.Epochs * batches)));
            }
        }
    }
}
