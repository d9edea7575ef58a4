using System.Globalization;
using System.Text.Json;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Runs;
using VariationalSparseCoding.Serialization;
using VariationalSparseCoding.Tests.Serialization;
using VariationalSparseCoding.Tests.Training;

namespace VariationalSparseCoding.Tests;

[Collection(WholeProcess.Name)]
public class Version01Tests
{
    private const int Rows = 25, Atoms = 10;
    private const string Last = "checkpoint/step-000000045.safetensors";

    public static TheoryData<string> Models => [.. Version01.Runs, "saved"];

    public static TheoryData<string> Interrupted => [.. Version01.Runs.Where(run => Version01.InterruptedAt(run) > 0)];

    [Theory]
    [MemberData(nameof(Models))]
    public void Codes_of_a_model_are_what_they_were(string run)
    {
        using var coder = SparseCoder.Load(Version01.File(run, run == "saved" ? "coder.safetensors" : Last));
        float[] rows = Version01.NewRows;
        Assert.Equal((12, Atoms), (coder.Dimension, coder.Atoms));
        Equal("mean", coder.Encode(rows, new() { Kind = CodeKind.Mean }), 1e-5);
        Equal("mode", coder.Encode(rows, new() { Kind = CodeKind.Mode }), 1e-5);
        Equal("mean-refined-3", coder.Encode(rows, new() { Kind = CodeKind.Mean, Refine = 3 }), 1e-4);
        Equal("converged-fista", coder.Encode(rows, new() { Kind = CodeKind.ConvergedFista }), 1e-3);
        Equal("decoded-as-trained", coder.Decode(Reference("as-trained")), 1e-5);
        if (ManagedSupport.Missing(coder.Experiment) is { } missing)
        {
            foreach (EncodeOptions drawn in new EncodeOptions[] { new() { Kind = CodeKind.AsTrained }, new() { Kind = CodeKind.SingleDraw }, new() { Kind = CodeKind.AsTrained, Refine = 3 } })
                AssertNeedsTensors(missing, Assert.Throws<InvalidInputException>(() => coder.Encode(rows, drawn)));
            return;
        }
        EqualButForTies("as-trained", coder.Encode(rows, new() { Kind = CodeKind.AsTrained }));
        EqualButForTies("as-trained-j7-seed5-row1000", coder.Encode(rows, new() { Kind = CodeKind.AsTrained, Draws = 7, Seed = 5, FirstRow = 1000 }));
        EqualButForTies("single-sample", coder.Encode(rows, new() { Kind = CodeKind.SingleDraw }));

        float[] Reference(string kind) => Version01.Matrix(run, "reference", kind + ".npy");

        void Equal(string kind, float[] actual, double tolerance)
        {
            float[] expected = Reference(kind);
            Assert.Equal(expected.Length, actual.Length);
            for (int i = 0; i < expected.Length; i++) Assert.True(IsNear(expected[i], actual[i], tolerance), $"{kind}, value {i}: {actual[i]} instead of {expected[i]}");
        }

        void EqualButForTies(string kind, float[] actual)
        {
            float[] expected = Reference(kind);
            Assert.Equal(expected.Length, actual.Length);
            int different = Enumerable.Range(0, Rows).Count(row => Enumerable.Range(row * Atoms, Atoms).Any(i => !IsNear(expected[i], actual[i], 1e-4)));
            // Where a threshold or the best of the draws was tied, the last digit decides.
            Assert.InRange(different, 0, 1);
        }
    }

    [Theory]
    [MemberData(nameof(Interrupted))]
    public void An_interrupted_run_is_resumed_to_the_same_end(string run)
    {
        int step = Version01.InterruptedAt(run);
        using var scratch = new ScratchFolder();
        string folder = Copy(run, step, scratch);
        if (NeedsTensors(run))
        {
            using var refused = RunFolder.Resume(folder);
            AssertNeedsTensors(ManagedSupport.Missing(refused.Experiment)!, Assert.Throws<InvalidInputException>(() => TrainingRun.Train(refused, [])));
            Assert.Equal(step, Checkpoint.StepOf(refused.NewestCheckpoint!));
            return;
        }
        using (var resumed = RunFolder.Resume(folder))
        {
            Assert.Equal(step, Checkpoint.StepOf(resumed.NewestCheckpoint!));
            List<long> steps = [];
            TrainingRun.Train(resumed, [new TinyRun.Observer(made => steps.Add(made.Step))]);
            Assert.Equal(Enumerable.Range(step + 1, 45 - step).Select(made => (long)made), steps);
        }
        var (expected, _) = Safetensors.Read(Version01.File(run, Last));
        var (actual, _) = Safetensors.Read(Path.Combine(folder, Last));
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), actual.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, tensor) in expected)
        {
            Assert.True(tensor.IsLike(actual[name]), name);
            if (tensor.Type != SafetensorsType.F32) Assert.Equal(tensor.Read(), actual[name].Read());
            else for (int i = 0; i < tensor.Floats.Length; i++) Assert.True(IsNear(tensor.Floats[i], actual[name].Floats[i], 1e-4), $"{name}, value {i}: {actual[name].Floats[i]} instead of {tensor.Floats[i]}");
        }
        double[][] table = Metrics(Path.Combine(folder, "metrics.csv")), before = Metrics(Version01.File(run, "metrics.csv"));
        // The epochs of the second sitting; the first one's table was not copied.
        Assert.Equal(before[^table.Length..].SelectMany(row => row), table.SelectMany(row => row), (first, second) => IsNear(first, second, 1e-4));
        Assert.Equal(3 - step / 15, table.Length);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_model_that_is_saved_again_has_lost_nothing(string run)
    {
        string file = Version01.File(run, run == "saved" ? "coder.safetensors" : Last);
        using var coder = SparseCoder.Load(file);
        using var saved = new MemoryStream();
        coder.Save(saved);
        saved.Position = 0;
        var (expected, _) = Safetensors.Read(file);
        var (actual, _) = Safetensors.Read(saved, "stream");
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), actual.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, tensor) in expected)
        {
            Assert.True(tensor.IsLike(actual[name]), name);
            Assert.Equal(tensor.Read(), actual[name].Read());
        }
    }

    private static bool NeedsTensors(string run)
    {
        using var folder = RunFolder.Open(Version01.File(run));
        return ManagedSupport.Missing(folder.Experiment) is not null;
    }

    private static void AssertNeedsTensors(string what, InvalidInputException error)
    {
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.Contains("VariationalSparseCoding.Torch", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    private static string Copy(string run, int step, ScratchFolder to)
    {
        string folder = Directory.CreateDirectory(to.File("run")).FullName, name = $"step-{step:D9}.safetensors";
        Directory.CreateDirectory(Path.Combine(folder, "checkpoint"));
        File.Copy(Version01.File(run, "interrupted", name), Path.Combine(folder, "checkpoint", name));
        string experiment = File.ReadAllText(Version01.File(run, "experiment.json"));
        File.WriteAllText(Path.Combine(folder, "experiment.json"), experiment.Replace("\"../samples.npy\"", JsonSerializer.Serialize(Version01.File("samples.npy")), StringComparison.Ordinal));
        return folder;
    }

    private static double[][] Metrics(string file) =>
        [.. File.ReadLines(file).Skip(1).Select(line => Array.ConvertAll(line.Split(','), cell => cell.Length == 0 ? double.NaN : double.Parse(cell, CultureInfo.InvariantCulture)))];

    private static bool IsNear(double expected, double actual, double tolerance) => Math.Abs(expected - actual) <= tolerance * (1 + Math.Abs(expected)) || double.IsNaN(expected) && double.IsNaN(actual);
}
