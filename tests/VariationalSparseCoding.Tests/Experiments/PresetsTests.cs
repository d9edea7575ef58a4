using System.Text.Json.Nodes;
using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Tests.Experiments;

public class PresetsTests
{
    private static readonly Experiment SparseCoding = Presets.SparseCoding.Resolve();

    private static long Steps(Experiment experiment) => (long)experiment.Schedule.Epochs * (experiment.Data.TrainSamples / experiment.Schedule.BatchSize);

    [Fact]
    public void Every_file_beside_the_folders_is_a_valid_preset_and_the_other_way_round()
    {
        string root = Path.Combine(AppContext.BaseDirectory, "experiments");
        Assert.Equal(Directory.EnumerateFiles(root).Select(file => Path.GetFileNameWithoutExtension(file)!).Order(), Presets.All.Select(preset => preset.Name).Order());
        foreach (var preset in Presets.All)
        {
            Assert.Same(preset, Presets.Parse(preset.Name));
            Assert.True(JsonNode.DeepEquals(ExperimentJson.ReadObject(Path.Combine(root, preset.Name + ".json")), preset.Layer()));
            Assert.Empty(preset.Resolve().Validate());
        }
    }

    [Theory]
    [InlineData("sparse-codng", "unknown preset 'sparse-codng'; did you mean 'sparse-coding'?")]
    [InlineData("best", "unknown preset 'best'; known are quick, sparse-coding, fashion-mnist, celeba")]
    public void An_unknown_name_is_answered_with_the_nearest(string name, string message) =>
        Assert.Equal(message, Assert.Throws<InvalidInputException>(() => Presets.Parse(name)).Message);

    [Fact]
    public void The_quick_run_is_the_default_methods_and_ends_its_warm_up_within_its_first_tenth()
    {
        var quick = Presets.Quick.Resolve();
        Assert.Equal(MethodTable.Default.Name, quick.Method);
        Assert.Equal(1, quick.Schedule.WarmUp.At(Steps(quick) / 10));
        Assert.True(quick.Schedule.WarmUp.At(Steps(quick) / 50) < 1);
    }

    [Fact]
    public void The_sparse_coding_runs_KL_weighs_the_shifts_as_lambda_does_codes()
    {
        const double dimension = 256;
        Assert.Equal(2 * SparseCoding.Objective.Lambda * SparseCoding.Posterior.PriorSpread / dimension, SparseCoding.Objective.KlWeight, 1e-15);
        Assert.Equal(1e-3, SparseCoding.Objective.DictionaryPenalty);
    }

    [Fact]
    public void The_sparse_coding_runs_KL_weight_grows_almost_to_its_end_and_is_whole_there()
    {
        var warmUp = SparseCoding.Schedule.KlWarmUp;
        Assert.True(warmUp.At(Steps(SparseCoding) * 9 / 10) < 1);
        Assert.Equal(1, warmUp.At(Steps(SparseCoding) * 95 / 100));
    }

    [Fact]
    public void A_presets_settings_can_be_laid_over_another_method()
    {
        var other = Presets.SparseCoding.Resolve("thresholded-gaussian", Fidelity.Published);
        Assert.Equal(("gaussian", ShiftGradient.OnePlusActive, InitialHeads.Prior), (other.Posterior.Family.Name, other.Posterior.ShiftGradient, other.Posterior.InitialHeads));
    }
}
