using System.Text.Json;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Data;

/// <summary>What a sample is.</summary>
internal enum SampleKind
{
    /// <summary>A square patch of an image, row by row.</summary>
    ImagePatches,

    /// <summary>A row of a matrix.</summary>
    Vectors,

    /// <summary>A whole image with values in [0, 1], of an <see cref="ImageShape"/>.</summary>
    Images,
}

/// <summary>
/// How samples were made from data: the immutable part of a model that makes new data fit it. Image patches come from whitened images,
/// and every value may be standardised by its position's mean and standard deviation over the whole data set. Whole images are
/// bytes divided by 255. A value that was constant has the deviation 0: it is standardised to 0, whatever it is in new data, and restored as its mean.
/// </summary>
internal sealed class Preprocessing
{
    private const string MeanName = "preprocessing.mean", DeviationName = "preprocessing.deviation";

    private readonly double[]? mean, deviation, inverseDeviation;

    private Preprocessing(PreprocessingDescription description, double[]? mean, double[]? deviation)
    {
        if (Fault(description, mean, deviation) is { } fault) throw new ArgumentException($"The preprocessing contradicts itself: {fault}.");
        (Kind, Dimension, PatchSize, WhiteningScale, ImageShape, AreAlignedFaces) =
            (description.Kind, description.Dimension, description.PatchSize, description.WhiteningScale, description.ImageShape, description.AlignedFaces);
        (this.mean, this.deviation) = (mean, deviation);
        inverseDeviation = deviation is null ? null : Array.ConvertAll(deviation, value => value == 0 ? 0 : 1 / value);
    }

    /// <summary>What a sample is.</summary>
    public SampleKind Kind { get; }

    /// <summary>Values per sample, D.</summary>
    public int Dimension { get; }

    /// <summary>Rows and columns of a patch; null for vectors and whole images.</summary>
    public int? PatchSize { get; }

    /// <summary>The number by which whitened images were scaled; null for vectors and whole images, and for images that came whitened.</summary>
    public double? WhiteningScale { get; }

    /// <summary>The shape of whole images; null for patches and vectors.</summary>
    public ImageShape? ImageShape { get; }

    /// <summary>Whether whole images are the aligned faces of CelebA, of which the square around the face is taken.</summary>
    public bool AreAlignedFaces { get; }

    /// <summary>Mean of each value over the data set, [D]; empty where samples are used raw.</summary>
    public ReadOnlyMemory<double> Mean => mean;

    /// <summary>Population standard deviation of each value over the data set, [D]; 0 where it is constant. Empty where samples are used raw.</summary>
    public ReadOnlyMemory<double> Deviation => deviation;

    /// <summary>Whether samples are standardised.</summary>
    public bool IsStandardised => mean is not null;

    /// <summary>Preprocessing of image patches.</summary>
    /// <param name="patchSize">Rows and columns of a patch, p; D = p * p.</param>
    /// <param name="whiteningScale">The number by which the whitened images were scaled; null where they came whitened.</param>
    /// <param name="mean">Mean of each pixel, [D], or null for raw.</param>
    /// <param name="deviation">Standard deviation of each pixel, [D], or null for raw.</param>
    public static Preprocessing OfPatches(int patchSize, double? whiteningScale, double[]? mean = null, double[]? deviation = null) =>
        new(new PreprocessingDescription(SampleKind.ImagePatches, checked(patchSize * patchSize), patchSize, whiteningScale, mean is not null), mean, deviation);

    /// <summary>Preprocessing of vectors.</summary>
    /// <param name="dimension">D.</param>
    /// <param name="mean">Mean of each column, [D], or null for raw.</param>
    /// <param name="deviation">Standard deviation of each column, [D], or null for raw.</param>
    public static Preprocessing OfVectors(int dimension, double[]? mean = null, double[]? deviation = null) =>
        new(new PreprocessingDescription(SampleKind.Vectors, dimension, null, null, mean is not null), mean, deviation);

    /// <summary>Preprocessing of whole images, which are used in [0, 1].</summary>
    /// <param name="shape">Channels, rows and columns; D is their product.</param>
    /// <param name="areAlignedFaces">Whether they are the aligned faces of CelebA.</param>
    public static Preprocessing OfImages(ImageShape shape, bool areAlignedFaces = false) =>
        new(new PreprocessingDescription(SampleKind.Images, shape.Size, null, null, false, [shape.Channels, shape.Height, shape.Width], areAlignedFaces), null, null);

    /// <summary>Subtracts the mean and divides by the standard deviation, in place; nothing where samples are used raw.</summary>
    /// <param name="rows">Samples one after the other, [B, D].</param>
    public void Standardise(Span<float> rows)
    {
        RequireWholeRows(rows.Length);
        if (mean is null || inverseDeviation is null) return;
        for (; !rows.IsEmpty; rows = rows[Dimension..])
            for (int i = 0; i < mean.Length; i++) rows[i] = (float)((rows[i] - mean[i]) * inverseDeviation[i]);
    }

    /// <summary>Subtracts the mean and divides by the standard deviation, before values are narrowed.</summary>
    /// <param name="rows">Samples one after the other, [B, D].</param>
    /// <param name="destination">Receives them, [B, D].</param>
    public void Standardise(ReadOnlySpan<double> rows, Span<float> destination)
    {
        RequireWholeRows(rows.Length);
        for (int i = 0; i < rows.Length; i++)
        {
            int column = i % Dimension;
            destination[i] = mean is null || inverseDeviation is null ? (float)rows[i] : (float)((rows[i] - mean[column]) * inverseDeviation[column]);
        }
    }

    /// <summary>
    /// Undoes <see cref="Standardise(Span{float})"/>, in place. Whitening is not undone, for it discards each image's mean: patches come back whitened.
    /// </summary>
    /// <param name="rows">Samples one after the other, [B, D].</param>
    public void Restore(Span<float> rows)
    {
        RequireWholeRows(rows.Length);
        if (mean is null || deviation is null) return;
        for (; !rows.IsEmpty; rows = rows[Dimension..])
            for (int i = 0; i < mean.Length; i++) rows[i] = (float)(rows[i] * deviation[i] + mean[i]);
    }

    /// <summary>Whether the other is of the same data: equal, but for the last digits of numbers, which differ between processors.</summary>
    /// <param name="other">Another preprocessing.</param>
    public bool Matches(Preprocessing other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return (Kind, Dimension, PatchSize, WhiteningScale is null, IsStandardised, ImageShape, AreAlignedFaces) == (other.Kind, other.Dimension, other.PatchSize, other.WhiteningScale is null, other.IsStandardised, other.ImageShape, other.AreAlignedFaces)
            && IsNear(WhiteningScale ?? 0, other.WhiteningScale ?? 0, WhiteningScale ?? 0)
            && (mean is null || Enumerable.Range(0, Dimension).All(i => IsNear(mean[i], other.mean![i], deviation![i]) && IsNear(deviation[i], other.deviation![i], deviation[i])));

        static bool IsNear(double first, double second, double scale) => Math.Abs(first - second) <= 1e-6 * scale;
    }

    /// <summary>All but the statistics, as JSON.</summary>
    public string ToJson() => new PreprocessingDescription(
        Kind, Dimension, PatchSize, WhiteningScale, IsStandardised, ImageShape is { } shape ? [shape.Channels, shape.Height, shape.Width] : null, AreAlignedFaces).ToJson();

    /// <summary>The statistics as tensors of float64, [D]; none where samples are used raw.</summary>
    internal IReadOnlyList<StateTensor> ToTensors() =>
        mean is null || deviation is null ? [] : [StoredTensor.Of(MeanName, mean, Dimension), StoredTensor.Of(DeviationName, deviation, Dimension)];

    /// <summary>Puts together what <see cref="ToJson"/> and <see cref="ToTensors"/> took apart.</summary>
    /// <param name="json">The description.</param>
    /// <param name="tensors">Named tensors, among them the statistics.</param>
    /// <param name="source">The file they come from, for messages.</param>
    /// <exception cref="InvalidInputException">The parts are incomplete or contradict each other.</exception>
    internal static Preprocessing From(string json, IReadOnlyDictionary<string, StoredTensor> tensors, string source)
    {
        const string advice = "the model file is damaged or was made by another version: save it again";
        try
        {
            var description = PreprocessingDescription.Parse(json);
            double[]? mean = null, deviation = null;
            if (description.Standardised) (mean, deviation) = (Statistics(tensors, MeanName), Statistics(tensors, DeviationName));
            if (Fault(description, mean, deviation) is { } fault) throw new JsonException(fault);
            return new Preprocessing(description, mean, deviation);
        }
        catch (JsonException failure)
        {
            throw InputFile.Malformed(source, $"its preprocessing cannot be used ({failure.Message})", advice, failure);
        }
    }

    /// <summary>Checks that the values of a whole image lie in [0, 1].</summary>
    /// <param name="values">The image, [D].</param>
    /// <param name="row">Its number.</param>
    /// <param name="source">Where it comes from, for the message.</param>
    /// <exception cref="InvalidInputException">One does not.</exception>
    internal static void RequireFractions(ReadOnlySpan<float> values, long row, string source)
    {
        int odd = values.IndexOfAnyExceptInRange(0f, 1f);
        if (odd >= 0) throw new InvalidInputException($"{source}: the value in row {row}, column {odd} is {values[odd]}, where the model takes images with values in [0, 1]; divide bytes by 255");
    }

    private static double[] Statistics(IReadOnlyDictionary<string, StoredTensor> tensors, string name) =>
        tensors.TryGetValue(name, out var values) && values.Type == SafetensorsType.F64 ? values.Doubles.ToArray() : throw new JsonException($"tensor '{name}' of float64 is missing");

    private static string? Fault(PreprocessingDescription description, double[]? mean, double[]? deviation)
    {
        if (description.Dimension < 1) return $"dimension {description.Dimension} is not positive";
        if (!Enum.IsDefined(description.Kind)) return $"kind {description.Kind} is unknown";
        bool isImage = description.Kind == SampleKind.ImagePatches;
        if (isImage != description.PatchSize is not null || isImage && (long)description.PatchSize!.Value * description.PatchSize.Value != description.Dimension)
            return $"patch size {description.PatchSize} does not belong to dimension {description.Dimension}";
        bool isWhole = description.Kind == SampleKind.Images;
        if (isWhole != description.Shape is not null || isWhole && !(description.IsShape && description.ImageShape!.Value.Size == description.Dimension))
            return $"shape {(description.Shape is null ? "null" : string.Join(" x ", description.Shape))} does not belong to dimension {description.Dimension}";
        if (description.AlignedFaces && !isWhole) return "aligned faces are whole images";
        if (isWhole && description.Standardised) return "whole images are not standardised";
        if (description.WhiteningScale is { } scale && !(isImage && double.IsFinite(scale) && scale > 0)) return $"whitening scale {scale} is not possible";
        if (mean is null && deviation is null) return null;
        if (mean?.Length != description.Dimension || deviation?.Length != description.Dimension) return "mean and deviation do not have one number per value of a sample";
        return mean.All(double.IsFinite) && deviation.All(value => double.IsFinite(value) && value >= 0) && deviation.Any(value => value > 0) ? null : "means must be finite, and deviations at least 0 and not all 0";
    }

    private void RequireWholeRows(int length)
    {
        if (length % Dimension != 0) throw new ArgumentException($"{length} values are not a whole number of samples of {Dimension}.");
    }
}
