using System.Diagnostics;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Runs;
using VariationalSparseCoding.Tests.Serialization;

namespace VariationalSparseCoding.Tests.Experiments;

/// <summary>The files in experiments/ describe what their names say.</summary>
public class ExperimentFilesTests
{
    private static readonly string Root = Path.Combine(AppContext.BaseDirectory, "experiments");

    [Theory]
    [InlineData("table1", 300, 80_000, 16_000)]
    [InlineData("compact", 100, 20_000, 4_000)]
    public void Every_row_of_Table_1_has_its_files(string folder, int epochs, int train, int validation)
    {
        var expected = MethodTable.OfPaper.SelectMany(method => method.IsMapInference ? [method.Name] : new[] { $"{method.Name}-j1", $"{method.Name}-j20" });
        Assert.Equal(expected.Order(), Directory.EnumerateFiles(Path.Combine(Root, folder)).Select(file => Path.GetFileNameWithoutExtension(file)!).Order());
        foreach (string name in expected)
        {
            string file = Path.Combine(Root, folder, name + ".json");
            var experiment = ExperimentJson.Resolve(file, ExperimentJson.ReadObject(file));
            string[] parts = name.Split("-j");
            Assert.Equal(parts[0], experiment.Method);
            if (parts.Length == 2) Assert.Equal(parts[1], experiment.Sampling.Draws.ToString(System.Globalization.CultureInfo.InvariantCulture));
            Assert.Equal(Fidelity.Published, experiment.Fidelity);
            Assert.Equal((epochs, train, validation), (experiment.Schedule.Epochs, experiment.Data.TrainSamples, experiment.Data.ValidationSamples));
        }
    }

    /// <summary>Reading a pipe into which nobody writes would never end.</summary>
    [Fact]
    public void A_pipe_is_refused_at_once()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no pipes among files");
        using var folder = new ScratchFolder();
        using (var make = Process.Start("mkfifo", [folder.File("pipe.json"), folder.File("metrics.csv")])) make.WaitForExit();
        Assert.Contains("not a regular file", Assert.Throws<InvalidInputException>(() => ExperimentJson.ReadObject(folder.File("pipe.json"))).Message, StringComparison.Ordinal);
        Assert.Contains("row 1 is damaged", Assert.Throws<InvalidInputException>(() => MetricsTable.Read(folder.File("metrics.csv"))).Message, StringComparison.Ordinal);
    }
}
