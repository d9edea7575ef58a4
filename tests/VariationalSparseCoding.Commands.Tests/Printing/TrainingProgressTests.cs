using VariationalSparseCoding.Commands.Printing;

namespace VariationalSparseCoding.Commands.Tests.Printing;

public class TrainingProgressTests
{
    [Theory]
    [InlineData(0, "00:00:00")]
    [InlineData(3_725, "01:02:05")]
    [InlineData(86_399, "23:59:59")]
    [InlineData(86_400, "1d 00:00:00")]
    [InlineData(1_000_000, "11d 13:46:40")]
    public void A_duration_of_days_says_so(int seconds, string expected) => Assert.Equal(expected, TrainingProgress.Duration(TimeSpan.FromSeconds(seconds)));
}
