using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Images.Files;
using VariationalSparseCoding.Images.WholeImages;
using VariationalSparseCoding.Onnx;
using VariationalSparseCoding.Onnx.Collecting;

namespace VariationalSparseCoding.Cli.Full;

/// <summary>The images of a folder, each cropped to the largest square in its middle and resized, for a model of images [N, C, S, S].</summary>
internal sealed class ImageFolderInput : DenseInput
{
    private readonly ImageFolder folder;
    private readonly PixelNormalisation normalisation;
    private readonly int? size;
    private ImageShape shape;

    /// <summary>Opens a folder.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="size">S; null if the model says it.</param>
    /// <param name="normalisation">What the model is given for pixels in [0, 1].</param>
    /// <param name="batchSize">Images that the model is given at once.</param>
    /// <exception cref="InvalidInputException">The folder is missing or holds no image.</exception>
    public ImageFolderInput(string path, int? size, PixelNormalisation normalisation, int batchSize) : base(batchSize)
    {
        if (!Directory.Exists(path)) throw new InvalidInputException($"{path}: there is no such folder; name a folder of images.");
        folder = new(path);
        if (folder.Entries.Count == 0) throw ImageFiles.NoImages(path);
        (this.size, this.normalisation) = (size, normalisation);
        string entries = string.Concat(folder.Entries.Select(entry => FormattableString.Invariant($"{entry.Name}\0{entry.Length}\0{entry.Stamp}\n")));
        Description = new()
        {
            ["kind"] = "images",
            ["folder"] = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))),
            ["files"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(entries))),
            ["imageSize"] = size,
            ["normalise"] = normalisation.ToString().ToLowerInvariant(),
            ["batchSize"] = batchSize,
        };
    }

    /// <inheritdoc/>
    public override int Count => folder.Entries.Count;

    /// <inheritdoc/>
    public override string Noun => "images";

    /// <inheritdoc/>
    public override JsonObject Description { get; }

    /// <inheritdoc/>
    public override RowColumns Columns => new("image_index", "image");

    /// <inheritdoc/>
    public override IEnumerable<RowNote> Notes(Func<Positions?, Positions> rowsOf)
    {
        var rows = rowsOf(null);
        for (int image = 0; image < Count; image++)
            for (int row = 0; row < rows.Count; row++) yield return new(image, folder.Entries[image].Name, null, rows.First + row, null);
    }

    /// <inheritdoc/>
    protected override long[] Shape(string model, ReadOnlySpan<int> wanted)
    {
        string taken = $"[{string.Join(", ", wanted.ToArray().Select(dimension => dimension > 0 ? $"{dimension}" : "any"))}]";
        if (wanted.Length != 3 || wanted[0] is not (1 or 3) && wanted[0] > 0) throw new InvalidInputException($"{model}: the model takes samples of {taken}, where images of [1 or 3, rows, columns] are given; use a model of images.");
        int rows = Side(wanted[1]), columns = Side(wanted[2]);
        if (rows != columns) throw new InvalidInputException($"{model}: the model takes images of {rows} x {columns} pixels, and images are resized to squares; use a model of square images.");
        shape = new(wanted[0] == 1 ? 1 : 3, rows, columns);
        return [shape.Channels, rows, columns];

        int Side(int side)
        {
            if (side > 0 && size is { } given && given != side) throw new InvalidInputException($"{model}: the model takes images of {taken}, not of {given} pixels; leave out the image size.");
            return side > 0 ? side : size ?? throw new InvalidInputException($"{model}: the model takes images of any size; say to which size they are to be resized.");
        }
    }

    /// <inheritdoc/>
    protected override void Read(int first, Span<float> values)
    {
        int count = values.Length / shape.Size;
        var samples = new float[count][];
        using var workers = new ThreadLocal<(ImageReader Reader, ImageDecoder Decoder, PixelPreparation Preparation)>(
            () => (folder.OpenReader(), new ImageDecoder(new ImagePlan(shape)), new PixelPreparation(shape, shape, normalisation)), trackAllValues: true);
        try
        {
            Parallel.For(0, count, i => samples[i] = Decode(folder.Entries[first + i], workers.Value));
        }
        catch (AggregateException failure) when (failure.InnerExceptions.OfType<InvalidInputException>().FirstOrDefault() is { } problem)
        {
            throw problem;
        }
        finally
        {
            foreach (var worker in workers.Values) worker.Reader.Dispose();
        }
        for (int i = 0; i < count; i++) samples[i].CopyTo(values[(i * shape.Size)..]);
    }

    private float[] Decode(ImageEntry entry, (ImageReader Reader, ImageDecoder Decoder, PixelPreparation Preparation) worker)
    {
        byte[] bytes = new byte[shape.Size];
        string name = folder.NameOf(entry);
        worker.Decoder.Decode(worker.Reader.Read(entry, name), name, bytes);
        float[] prepared = new float[shape.Size];
        worker.Preparation.Write(Array.ConvertAll(bytes, value => value / (float)byte.MaxValue), prepared);
        return prepared;
    }
}
