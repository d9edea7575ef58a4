using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Runs;
using VariationalSparseCoding.Serialization;
using VariationalSparseCoding.Synthetic;
using VariationalSparseCoding.Tests.Serialization;

namespace VariationalSparseCoding.Tests.Runs;

/// <summary>A unit that does not fit the settings is named before the first step.</summary>
public class ScaleNoteTests
{
    private const int D = 16, Atoms = 12;

    private static readonly SyntheticData Set = SyntheticData.Generate(new() { Samples = 300, Dimension = D, Atoms = Atoms, Support = 2 }, 3);

    private static readonly double Unit = Math.Sqrt(Set.Samples.Average(value => (double)value * value));

    private static float[] Samples(double rootMeanSquare) => [.. Set.Samples.Select(value => (float)(value * rootMeanSquare / Unit))];

    private static IReadOnlyList<string> Notes(float[] samples, SparseCoderOptions options)
    {
        // What is learned does not matter here.
        using var coder = new SparseCoder(options with { Draws = 1, Epochs = 1, Threads = 1, Configure = experiment => experiment with { Schedule = experiment.Schedule with { LearningRate = 1e-12, DictionaryStep = 0 } } });
        coder.Fit(samples, D);
        // How the training went is said too.
        return [.. coder.Notes.Where(note => note.StartsWith("samples: ", StringComparison.Ordinal))];
    }

    public static TheoryData<string> Methods => [.. MethodTable.OfPaper.Select(method => method.Name)];

    [Theory]
    [MemberData(nameof(Methods))]
    public void Raw_samples_of_another_unit_are_named_with_what_to_set(string method)
    {
        bool isMap = MethodTable.Find(method)!.IsMapInference;
        var options = new SparseCoderOptions { Method = method, Atoms = Atoms, Normalisation = Normalisation.None };
        string weak = Assert.Single(Notes(Samples(0.01), options));
        Assert.StartsWith("samples: the samples' mean squared value is 0.0001, so little beside " + (isMap ? "Lambda = 1.25" : "KlWeight = 0.01"), weak, StringComparison.Ordinal);
        Assert.EndsWith("normalise the samples (Normalisation = column), multiply the samples by about 1E+02, or set " + (isMap ? "Lambda to about 0.00013" : "KlWeight to about 1E-06"), weak, StringComparison.Ordinal);
        // The dictionary's step adapts to samples of any unit, and MAP inference has no other.
        if (isMap) Assert.Empty(Notes(Samples(30), options));
        string strong = Assert.Single(Notes(Samples(30), isMap ? options with { Fidelity = Fidelity.Published } : options));
        Assert.StartsWith("samples: the samples' mean squared value is 900, where step sizes are made for values near 1, so that training may diverge", strong, StringComparison.Ordinal);
        Assert.EndsWith("divide the samples by about 30, or lower schedule.learningRate and schedule.dictionaryStep", strong, StringComparison.Ordinal);
        Assert.Empty(Notes(Samples(1), options));
        Assert.Empty(Notes(Samples(30), options with { Normalisation = Normalisation.Column }));
        // Whoever sets the weight that fits the unit is not bothered.
        Assert.Empty(Notes(Samples(0.01), isMap ? options with { Lambda = 1.25e-4 } : options with { KlWeight = 1e-6 }));
    }

    [Theory]
    [InlineData(0.01, "multiply the samples by about 1E+02")]
    [InlineData(30, "divide the samples by about 30")]
    public void An_autoencoders_steps_are_made_for_values_near_1(double unit, string advice)
    {
        var options = new SparseCoderOptions { Method = "topk", Atoms = Atoms, Normalisation = Normalisation.None };
        Assert.EndsWith("so that it may learn little; normalise the samples (Normalisation = column), " + advice, Assert.Single(Notes(Samples(unit), options)), StringComparison.Ordinal);
        Assert.Empty(Notes(Samples(1), options));
        Assert.Empty(Notes(Samples(unit), options with { Normalisation = Normalisation.Global }));
    }

    [Theory]
    [InlineData("thresholded-laplacian", 0.1, true)]
    [InlineData("thresholded-laplacian", 1, false)]
    [InlineData("thresholded-laplacian", 30, true)]
    [InlineData("fista", 0.1, true)]
    [InlineData("fista", 1, false)]
    [InlineData("fista", 1000, false)]
    public void Given_atoms_have_a_unit_too(string method, double norm, bool isNamed)
    {
        float[,] dictionary = new float[D, Atoms];
        for (int atom = 0; atom < Atoms; atom++) dictionary[atom, atom] = (float)norm;
        var notes = Notes(Samples(1), new() { Method = method, Dictionary = dictionary });
        Assert.Equal(isNamed, notes.Count == 1);
        if (isNamed) Assert.Contains("the atoms' mean squared norm", notes[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Zeros_are_named()
    {
        Assert.Contains("there is nothing to learn", Assert.Single(Notes(new float[20 * D], new() { Atoms = Atoms, Normalisation = Normalisation.None })), StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_says_so_in_the_experiments_words()
    {
        using var scratch = new ScratchFolder();
        Npy.Write<float>(scratch.File("x.npy"), Samples(30), D);
        var experiment = ExperimentDefaults.Resolve("test", new()
        {
            ["data"] = new System.Text.Json.Nodes.JsonObject { ["source"] = scratch.File("x.npy"), ["standardise"] = false },
            ["schedule"] = new System.Text.Json.Nodes.JsonObject { ["epochs"] = 1, ["learningRate"] = 1e-12, ["dictionaryStep"] = 0 },
        });
        var notes = new List<string>();
        using var folder = RunFolder.Create(scratch.File("run"), TrainingRun.Resolve(experiment));
        folder.Notice = notes.Add;
        TrainingRun.Train(folder, []);
        Assert.StartsWith($"{scratch.File("x.npy")}: the samples' mean squared value is 900", Assert.Single(notes), StringComparison.Ordinal);
        Assert.Contains("data.normalisation = column", notes[0], StringComparison.Ordinal);
    }
}
