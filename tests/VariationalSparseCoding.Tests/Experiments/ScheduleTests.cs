using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Tests.Experiments;

public class ScheduleTests
{
    [Theory]
    [InlineData(0, 0.1)]
    [InlineData(1500, 0.1)]
    [InlineData(1501, 0.1002)]
    [InlineData(3500, 0.5)]
    [InlineData(6000, 1)]
    [InlineData(240_000, 1)]
    public void The_noise_scale_has_its_known_values(long step, double expected) =>
        Assert.Equal(expected, MethodTable.Find("thresholded-laplacian")!.Defaults().Schedule.WarmUp.At(step), 1e-12);

    [Theory]
    [InlineData(0, 0.1)]
    [InlineData(1, 0.1001)]
    [InlineData(9000, 1)]
    public void The_baselines_lambda_rises_from_the_start(long step, double expected) =>
        Assert.Equal(expected, MethodTable.Find("fista")!.Defaults().Schedule.WarmUp.At(step), 1e-12);

    [Fact]
    public void Gaussian_families_have_no_warm_up()
    {
        foreach (string method in new[] { "gaussian", "thresholded-gaussian", "thresholded-gaussian-gamma" }) Assert.Equal(1, MethodTable.Find(method)!.Defaults().Schedule.WarmUp.At(0));
    }

    [Fact]
    public void Without_a_warm_up_of_its_own_the_KLs_weight_is_whole_from_the_start()
    {
        foreach (var method in MethodTable.All) Assert.Equal(1, method.Defaults().Schedule.KlWarmUp.At(0));
    }

    [Fact]
    public void The_temperature_falls_to_its_floor_at_step_1386()
    {
        var temperature = new TemperatureOptions();
        Assert.Equal(1, temperature.At(0));
        Assert.Equal(0.9995, temperature.At(1));
        Assert.True(temperature.At(1385) > 0.5);
        Assert.Equal(0.5, temperature.At(1386), 1e-3);
        Assert.Equal(0.5, temperature.At(1387));
        Assert.Equal(0.5, temperature.At(240_000));
    }

    [Fact]
    public void The_dictionarys_step_falls_by_a_hundredth_each_epoch()
    {
        var schedule = new ScheduleOptions();
        Assert.Equal(0.5, schedule.DictionaryStepAt(0));
        Assert.Equal(0.5 * 0.99 * 0.99, schedule.DictionaryStepAt(2), 1e-15);
    }
}
