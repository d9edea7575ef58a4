using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.Tests.Numerics;

public class PinnedSpanTests
{
    [Fact]
    public unsafe void A_closure_sees_the_memory()
    {
        double[] numbers = [1, 2, 3];
        fixed (double* start = numbers)
        {
            var pinned = new PinnedSpan<double>(start, 2);
            Func<double> sum = () => pinned.Span[0] + pinned.Span[^1];
            numbers[1] = 5;
            Assert.Equal((6, 2), (sum(), pinned.Span.Length));
        }
    }
}
