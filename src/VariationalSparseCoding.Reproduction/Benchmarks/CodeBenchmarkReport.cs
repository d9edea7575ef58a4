using VariationalSparseCoding.Reporting;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Reproduction.Benchmarks;

/// <summary>Writes a benchmark of codes as a picture with its numbers beside it.</summary>
internal static class CodeBenchmarkReport
{
    /// <summary>Writes codes.png, codes.csv and codes.json, replacing earlier ones.</summary>
    /// <param name="folder">Where to; created where it is missing.</param>
    /// <param name="result">The benchmark.</param>
    /// <exception cref="InvalidInputException">The files cannot be written there.</exception>
    public static void Write(string folder, CodeBenchmarkResult result)
    {
        byte[] picture = CodeFrontFigure.Draw(result, FigureStyle.Light);
        AtomicFile.Write(Path.Combine(folder, "codes.png"), stream => stream.Write(picture));
        AtomicFile.WriteText(Path.Combine(folder, "codes.csv"), result.ToCsv());
        AtomicFile.WriteText(Path.Combine(folder, "codes.json"), result.ToJson().ToJsonString(new() { WriteIndented = true }) + "\n");
    }
}
