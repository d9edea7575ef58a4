using System.Globalization;
using VariationalSparseCoding.Data;
using VariationalSparseCoding.Evaluation;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Serialization;
using VariationalSparseCoding.Torch.Tensors;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Reproduction.Features;

/// <summary>
/// Features of a small convolutional classifier of Fashion-MNIST that this library trains itself: a substitute where no Inception network is at hand. Its Frechet distance is not
/// an FID. The recipe, its seed included, is fixed, so that distances of different runs are of the same network.
/// </summary>
internal sealed class FashionClassifier : IFeatureNetwork
{
    /// <summary>The images it was trained on: 1 x 28 x 28.</summary>
    public static readonly ImageShape Shape = new(1, 28, 28);

    /// <summary>What every classifier calls its distance.</summary>
    public const string NameOfDistance = "Fréchet distance (features of a Fashion-MNIST classifier; not FID)";

    /// <summary>The name of its file in a cache.</summary>
    public const string FileName = "fashion-classifier.safetensors";

    private const string AccuracyKey = "fashionClassifierTestAccuracy";
    private const int BatchSize = 250;
    private readonly FashionClassifierNetwork network;

    private FashionClassifier(FashionClassifierNetwork network, double testAccuracy)
    {
        this.network = network;
        TestAccuracy = testAccuracy;
    }

    /// <inheritdoc/>
    public string DistanceName => NameOfDistance;

    /// <inheritdoc/>
    public int Features => FashionClassifierNetwork.Features;

    /// <summary>The share of test images that it classified rightly after its training, in [0, 1].</summary>
    public double TestAccuracy { get; }

    /// <summary>Reads the classifier of a folder or, where there is none yet, trains it and writes it there.</summary>
    /// <param name="folder">The folder of the cache.</param>
    /// <param name="training">Gives the training images; called only if they are needed.</param>
    /// <param name="test">Gives the test images; called only if they are needed.</param>
    /// <param name="cancellationToken">Ends a training between two steps; nothing is written then.</param>
    /// <exception cref="InvalidInputException">The file in the folder is damaged, or the images are not of Fashion-MNIST's form.</exception>
    public static FashionClassifier Cached(string folder, Func<LabelledImages> training, Func<LabelledImages> test, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(test);
        string path = Path.Combine(folder, FileName);
        if (File.Exists(path)) return Load(path);
        var classifier = Train(training(), test(), new(), cancellationToken);
        classifier.Save(path);
        return classifier;
    }

    /// <summary>The classifier of a folder or, where there is none yet, one trained on the whole data set and kept there.</summary>
    /// <param name="folder">The folder of the cache.</param>
    /// <param name="root">The folder of the data set's files; empty where they are found without.</param>
    /// <param name="onTraining">Is called before a training.</param>
    /// <param name="cancellationToken">Ends a training between two steps; nothing is written then.</param>
    /// <exception cref="InvalidInputException">The data or the kept file cannot be used.</exception>
    public static FashionClassifier OfDataSet(string folder, string root, Action? onTraining = null, CancellationToken cancellationToken = default)
    {
        var whole = new Lazy<DataOptions>(() =>
        {
            var options = new DataOptions { Source = DataOptions.FashionMnist, Root = root };
            var count = DataSets.Count(options);
            return options with { TrainSamples = (int)count.Train, ValidationSamples = (int)count.Validation!.Value };
        });
        return Cached(folder, () =>
        {
            onTraining?.Invoke();
            using var data = DataSets.Open(whole.Value, 0);
            return Labelled(data.Train, data.Labels!.Train.Span);
        }, () =>
        {
            using var data = DataSets.Open(whole.Value, 0);
            return Labelled(data.Validation, data.Labels!.Validation.Span);
        }, cancellationToken);
    }

    private static LabelledImages Labelled(ISampleSet images, ReadOnlySpan<byte> oneHot)
    {
        byte[] classes = new byte[images.Count];
        int count = oneHot.Length / images.Count;
        for (int i = 0; i < classes.Length; i++) classes[i] = (byte)oneHot.Slice(i * count, count).IndexOf((byte)1);
        return new(images.Rows(0, images.Count), classes);
    }

    /// <summary>Reads a classifier.</summary>
    /// <param name="path">A file that <see cref="Save"/> wrote.</param>
    /// <exception cref="InvalidInputException">The file is missing, damaged or holds something else.</exception>
    public static FashionClassifier Load(string path)
    {
        using var scope = NewDisposeScope();
        var (tensors, metadata) = Safetensors.Read(path);
        var network = FashionClassifierNetwork.From(tensors.ToDictionary(pair => pair.Key, pair => TensorState.ToTensor(pair.Value)));
        return network is not null && metadata.TryGetValue(AccuracyKey, out string? text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double accuracy)
            ? new FashionClassifier(network, accuracy)
            : throw new InvalidInputException($"{path}: holds no classifier of Fashion-MNIST; delete it, and it is trained anew.");
    }

    /// <summary>Writes the classifier as safetensors, with its test accuracy in the metadata.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidInputException">The file cannot be created there.</exception>
    public void Save(string path) =>
        Safetensors.Write(path, TensorState.Of(network.Parameters.Select(pair => (pair.Key, pair.Value))), new Dictionary<string, string> { [AccuracyKey] = TestAccuracy.ToString("R", CultureInfo.InvariantCulture) });

    /// <inheritdoc/>
    public float[] Extract(ReadOnlySpan<float> images, ImageShape shape)
    {
        if (shape != Shape)
            throw new InvalidInputException($"The Fashion-MNIST classifier takes images of 1 x 28 x 28, not {shape.Channels} x {shape.Height} x {shape.Width}; use another feature network.");
        return Apply(images, FashionClassifierNetwork.Features, network.ToFeatures);
    }

    /// <inheritdoc/>
    public void Dispose() => network.Dispose();

    /// <summary>Trains a classifier and tests it.</summary>
    internal static FashionClassifier Train(LabelledImages training, LabelledImages test, FashionClassifierRecipe recipe, CancellationToken cancellationToken)
    {
        FashionClassifierTraining.Check(test, "test");
        var network = FashionClassifierTraining.Run(training, recipe, cancellationToken);
        float[] scores = Apply(test.Images.Span, FashionClassifierNetwork.Classes, input => network.ToScores(network.ToFeatures(input)));
        int right = 0;
        for (int image = 0; image < test.Labels.Length; image++)
        {
            ReadOnlySpan<float> ofImage = scores.AsSpan(image * FashionClassifierNetwork.Classes, FashionClassifierNetwork.Classes);
            if (Largest(ofImage) == test.Labels.Span[image]) right++;
        }
        return new(network, (double)right / test.Labels.Length);
    }

    private static int Largest(ReadOnlySpan<float> values)
    {
        int largest = 0;
        for (int i = 1; i < values.Length; i++)
            if (values[i] > values[largest]) largest = i;
        return largest;
    }

    private static float[] Apply(ReadOnlySpan<float> images, int outputs, Func<Tensor, Tensor> function)
    {
        int size = FashionClassifierNetwork.Pixels, count = images.Length / size;
        if (count == 0 || images.Length % size != 0) throw new ArgumentException($"{images.Length} numbers are not a positive number of images of {size} pixels.", nameof(images));
        float[] results = new float[count * outputs];
        using var _ = no_grad();
        for (int first = 0; first < count; first += BatchSize)
        {
            using var scope = NewDisposeScope();
            int batch = Math.Min(BatchSize, count - first);
            Tensor output = function(FashionClassifierNetwork.Input(images.Slice(first * size, batch * size)));
            output.data<float>().CopyTo(results.AsSpan(first * outputs));
        }
        return results;
    }
}
