using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Tests.Experiments;

public class ExperimentDiffTests
{
    private static readonly Experiment Saved = MethodTable.Default.Defaults();

    [Fact]
    public void An_experiment_is_the_same_run_as_itself() => Assert.Null(ExperimentDiff.First(Saved, Saved with { }));

    [Fact]
    public void The_first_setting_that_differs_is_named_with_both_values()
    {
        var now = Saved with { Seed = 7, Schedule = Saved.Schedule with { WarmUp = Saved.Schedule.WarmUp with { Start = 3 } } };
        Assert.Equal(new("seed", "0", "7"), ExperimentDiff.First(Saved, now));
        Assert.Equal(new("schedule.warmUp.start", "1500", "3"), ExperimentDiff.First(Saved, now, "seed"));
        Assert.Null(ExperimentDiff.First(Saved, now, "seed", "schedule.warmUp.start"));
    }

    [Fact]
    public void Words_folders_threads_and_device_leave_a_run_as_it_is()
    {
        var now = Saved with
        {
            Description = "another",
            CreatedWith = "another",
            Data = Saved.Data with { Root = "elsewhere" },
            Compute = new() { Threads = 7, Device = ComputeDevice.Cuda },
        };
        Assert.Null(ExperimentDiff.First(Saved, now));
    }

    [Fact]
    public void The_precision_is_part_of_a_run() =>
        Assert.Equal(new("compute.precision", "fp32", "bf16"), ExperimentDiff.First(Saved, Saved with { Compute = new() { Precision = ComputePrecision.Bf16 } }));

    [Fact]
    public void The_data_are_part_of_a_run_unless_they_are_compared_themselves()
    {
        var now = Saved with { Data = Saved.Data with { Source = "other.npy" } };
        Assert.Equal("data.source", ExperimentDiff.First(Saved, now)?.Path);
        Assert.Null(ExperimentDiff.First(Saved, now, "data.source"));
    }
}
