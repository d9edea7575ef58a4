using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Tests.Experiments;

public class SpellingTests
{
    [Theory]
    [InlineData("epoch", "; did you mean 'epochs'?")]
    [InlineData("EPOCHS", "; did you mean 'epochs'?")]
    [InlineData("batchsiez", "; did you mean 'batchSize'?")]
    [InlineData("temperature", "; known are epochs, batchSize, seed")]
    [InlineData("", "; known are epochs, batchSize, seed")]
    public void The_nearest_name_is_offered_or_all(string wrong, string expected) => Assert.Equal(expected, Spelling.Suggestion(wrong, ["epochs", "batchSize", "seed"]));
}
