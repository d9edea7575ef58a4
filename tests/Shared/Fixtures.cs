using System.Text.Json;

namespace VariationalSparseCoding.Tests;

/// <summary>The reference numbers: from the folder named by VSC_FIXTURES where that is set, else from the project's copy.</summary>
internal static class Fixtures
{
    public static string Folder =>
        Environment.GetEnvironmentVariable("VSC_FIXTURES") is { Length: > 0 } folder ? folder : Path.Combine(AppContext.BaseDirectory, "fixtures");

    public static JsonElement Read(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, name)));
        return document.RootElement.Clone();
    }

    /// <summary>All numbers of a nested array, outermost index slowest.</summary>
    public static double[] Numbers(this JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? [.. element.EnumerateArray().SelectMany(Numbers)] : [element.GetDouble()];

    /// <summary>The lengths of a nested array.</summary>
    public static long[] Shape(this JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? [element.GetArrayLength(), .. element.GetArrayLength() > 0 ? element[0].Shape() : []] : [];
}
