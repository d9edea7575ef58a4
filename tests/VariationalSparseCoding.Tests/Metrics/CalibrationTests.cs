using VariationalSparseCoding.Metrics;

namespace VariationalSparseCoding.Tests.Metrics;

public class CalibrationTests
{
    [Fact]
    public void The_error_is_the_mean_distance_of_probability_and_frequency()
    {
        var calibration = new Calibration();
        Assert.True(double.IsNaN(calibration.ExpectedError));
        for (int i = 0; i < 10; i++) calibration.Add(0.9, i < 5);
        for (int i = 0; i < 30; i++) calibration.Add(0.1, i < 3);
        Assert.Equal(2, calibration.Diagram.Count);
        Assert.Equal((0.1, 0.1, 30), (Math.Round(calibration.Diagram[0].Probability, 12), calibration.Diagram[0].Frequency, calibration.Diagram[0].Count));
        Assert.Equal(10 * 0.4 / 40, calibration.ExpectedError, 1e-12);
    }

    [Fact]
    public void What_happens_as_often_as_it_is_said_is_calibrated()
    {
        var calibration = new Calibration();
        var random = new System.Random(3);
        for (int i = 0; i < 100_000; i++)
        {
            double probability = random.NextDouble();
            calibration.Add(probability, random.NextDouble() < probability);
        }
        calibration.Add(1, true);
        Assert.InRange(calibration.ExpectedError, 0, 0.01);
        Assert.Equal(Calibration.Bins, calibration.Diagram.Count);
    }
}
