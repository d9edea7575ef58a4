using VariationalSparseCoding.Training;

namespace VariationalSparseCoding.Tests.Training;

public class CycleScheduleTests
{
    [Fact]
    public void Rates_match_the_authors_scheduler()
    {
        var fixture = Fixtures.Read("cycle_schedule.json");
        var schedule = new CycleSchedule(fixture.GetProperty("lr_max").GetDouble(), fixture.GetProperty("iterations").GetInt64(), fixture.GetProperty("warmup_proportion").GetDouble());
        double[] expected = fixture.GetProperty("lr_at_iteration").Numbers();
        for (int t = 0; t < expected.Length; t++) Assert.Equal(expected[t], schedule.At(t), 1e-12);
    }

    [Fact]
    public void Rates_of_the_paper_schedule_are_the_known_ones()
    {
        var schedule = new CycleSchedule(0.01, 240_000, 0.05);
        Assert.Equal(1e-2, schedule.At(0), 1e-15);
        Assert.Equal(4e-4 + 8e-7, schedule.At(1), 1e-15);
        Assert.Equal(1e-2, schedule.At(12_000), 1e-15);
        Assert.Equal(4e-8, schedule.At(240_000), 1e-15);
    }
}
