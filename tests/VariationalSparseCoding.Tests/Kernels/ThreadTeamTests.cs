using VariationalSparseCoding.Kernels;

namespace VariationalSparseCoding.Tests.Kernels;

public class ThreadTeamTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Every_part_runs_once_on_a_thread_of_its_own(int size)
    {
        int entered = 0;
        using var team = new ThreadTeam(size, () => Interlocked.Increment(ref entered));
        Assert.Equal(size - 1, entered);
        for (int time = 0; time < 3; time++)
        {
            var threads = new int[size];
            team.Run(part => threads[part] += Environment.CurrentManagedThreadId);
            Assert.Equal(size, threads.Distinct().Count());
            Assert.Equal(Environment.CurrentManagedThreadId, threads[0]);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void What_a_part_throws_reaches_the_caller_and_the_team_goes_on(int failing)
    {
        using var team = new ThreadTeam(2, () => { });
        Assert.Throws<InvalidOperationException>(() => team.Run(part =>
        {
            if (part == failing) throw new InvalidOperationException();
        }));
        int runs = 0;
        team.Run(_ => Interlocked.Increment(ref runs));
        Assert.Equal(2, runs);
    }

    [Trait("Category", "Slow")]
    [Fact, Trait("Fault", "B11")]
    public void A_team_that_is_disposed_has_ended_its_threads()
    {
        // Often, since a thread that is late would find the barrier gone.
        for (int time = 0; time < 200; time++)
        {
            Thread?[] threads = new Thread?[4];
            using (var team = new ThreadTeam(4)) team.Run(part => threads[part] = Thread.CurrentThread);
            Assert.All(threads[1..], thread => Assert.False(thread!.IsAlive));
        }
    }

    [Fact]
    public void Bounds_cover_a_range()
    {
        using var team = new ThreadTeam(3, () => { });
        Assert.Equal([0, 2, 4, 7], Enumerable.Range(0, 4).Select(part => team.Bound(7, part)));
    }
}
