using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Exchange;

/// <summary>The table of formats that dictionaries of other programs are read from, and the choice among them.</summary>
internal static class CoderFormats
{
    private const int ShownFolders = 4;

    private static readonly EnumerationOptions reachable = new() { IgnoreInaccessible = true };

    /// <summary>All formats. The first that recognises a file reads it.</summary>
    public static IReadOnlyList<CoderFormat> All { get; } =
    [
        new SaeLensFormat(), new SparsifyFormat(), new DictionaryLearningFormat(), new GemmaScopeFormat(), new SentenceTransformersFormat(),
        new TensorFileFormat(), new ArrayFileFormat(), new MatrixFormat(), new MatrixFormat(atomsAreColumns: false), new MatrixFormat(atomsAreColumns: true),
    ];

    /// <summary>The names of the formats.</summary>
    public static IEnumerable<string> Names => All.Select(format => format.Name);

    /// <summary>Reads a dictionary.</summary>
    /// <param name="path">Its folder, or the file of its weights.</param>
    /// <param name="name">The name of its format; null to recognise it from the files.</param>
    /// <exception cref="InvalidInputException">There is none, it is damaged, or its arithmetic cannot be represented.</exception>
    public static (CoderFormat Format, SharedCoder Coder) Read(string path, string? name = null)
    {
        var forced = name is null ? null : All.FirstOrDefault(format => format.Name == name)
            ?? throw new InvalidInputException($"the format '{PrintableText.Of(name)}' is not known; choose one of {string.Join(", ", Names)}");
        if (!Path.Exists(path)) throw new InvalidInputException($"{path}: no such file or folder; name the folder of a dictionary, or the file of its weights");
        var (format, weights) = Directory.Exists(path) ? InFolder(path, forced) : OfFile(path, forced);
        return (format, format.Read(weights));
    }

    private static (CoderFormat, string) InFolder(string folder, CoderFormat? forced)
    {
        if (File.Exists(Path.Combine(folder, "experiment.json"))) throw new InvalidInputException($"{folder}: holds a run, which can be used as it is; name the folder of another program's dictionary");
        foreach (var format in forced is null ? All : [forced])
            if (format.WeightsFile is { } file && Path.Combine(folder, file) is var weights && File.Exists(weights) && (forced is not null || format.Recognises(weights))) return (format, weights);
        if (forced is { WeightsFile: { } wanted }) throw new InvalidInputException($"{folder}: holds no file '{wanted}', as a dictionary of {forced.Title} does; name its folder");
        string[] known = [.. All.Select(format => format.WeightsFile).OfType<string>().Distinct()];
        string[] below = [.. Directory.EnumerateDirectories(folder, "*", reachable).Where(inner => known.Any(file => File.Exists(Path.Combine(inner, file)))).Order(StringComparer.Ordinal).Take(ShownFolders)];
        throw new InvalidInputException(PrintableText.Of(below.Length > 0 ? $"{folder}: holds folders of dictionaries; name one of them, such as {string.Join(", ", below)}"
            : $"{folder}: holds no dictionary of a known format ({string.Join(", ", known)}); name the folder of one, or the file of its weights"));
    }

    private static (CoderFormat, string) OfFile(string path, CoderFormat? forced)
    {
        if (forced is not null) return (forced, path);
        string name = Path.GetFileName(path);
        var format = All.FirstOrDefault(format => string.Equals(format.WeightsFile, name, StringComparison.OrdinalIgnoreCase) && format.Recognises(path))
            ?? All.FirstOrDefault(format => format.FileEnding is { } ending && name.EndsWith(ending, StringComparison.OrdinalIgnoreCase) && format.Recognises(path));
        return format is null ? throw new InvalidInputException($"{path}: is of no known format; name the folder of a dictionary, or the file of its weights (.safetensors, .pt, .npz, .npy)") : (format, path);
    }
}
