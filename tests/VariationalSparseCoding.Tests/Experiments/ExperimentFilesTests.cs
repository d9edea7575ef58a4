using VariationalSparseCoding.Experiments;

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
        var expected = MethodTable.All.SelectMany(method => method.IsMapInference ? [method.Name] : new[] { $"{method.Name}-j1", $"{method.Name}-j20" });
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
}
