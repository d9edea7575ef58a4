using System.Text.Json;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Reproduction.Benchmarks;

/// <summary>A file of one result of <see cref="ActivationBenchmark"/>.</summary>
internal static class ActivationResultFile
{
    private static readonly JsonSerializerOptions options = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Writes a result.</summary>
    /// <param name="path">The file.</param>
    /// <param name="result">The result.</param>
    public static void Write(string path, ActivationResult result) => AtomicFile.WriteText(path, JsonSerializer.Serialize(result, options) + "\n");

    /// <summary>Reads a result.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidInputException">It is no such file.</exception>
    public static ActivationResult Read(string path)
    {
        try
        {
            return InputFile.Read(path, stream => JsonSerializer.Deserialize<ActivationResult>(stream, options)) is { Run.Variant: not null } result ? result : throw new JsonException("it names no method");
        }
        catch (JsonException error)
        {
            throw new InvalidInputException($"{path}: is no result of this benchmark ({error.Message}); delete it to make it again.");
        }
    }
}
