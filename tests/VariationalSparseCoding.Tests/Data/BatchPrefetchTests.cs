using VariationalSparseCoding.Data;

namespace VariationalSparseCoding.Tests.Data;

public class BatchPrefetchTests
{
    private sealed class Rows(int dimension, Action<int>? reading = null) : ISampleSet
    {
        public int Count => 100;

        public int Dimension => dimension;

        public void CopyRows(ReadOnlySpan<int> rows, Span<float> destination)
        {
            for (int i = 0; i < rows.Length; i++)
            {
                reading?.Invoke(rows[i]);
                destination.Slice(i * dimension, dimension).Fill(rows[i]);
            }
        }

        public void Dispose() { }
    }

    [Fact]
    public void Batches_come_in_the_order_in_which_they_were_begun()
    {
        using var samples = new Rows(2);
        using var prefetch = new BatchPrefetch(samples);
        int[][] batches = [[3, 1], [4], [1, 5, 9], [2, 6]];
        prefetch.Begin(batches[0]);
        for (int i = 0; i < batches.Length; i++)
        {
            var batch = prefetch.Take();
            if (i + 1 < batches.Length) prefetch.Begin(batches[i + 1]);
            // A batch may be changed, and stays as it is while the next is gathered.
            batch[0] += 0.5f;
            Thread.Sleep(5);
            Assert.Equal(batches[i].SelectMany(row => new[] { (float)row, row }).Select((value, place) => place == 0 ? value + 0.5f : value), batch.ToArray());
        }
    }

    [Fact]
    public void The_next_batch_is_gathered_while_the_caller_works()
    {
        using var read = new ManualResetEventSlim();
        int caller = Environment.CurrentManagedThreadId, reader = 0;
        using var samples = new Rows(1, _ =>
        {
            reader = Environment.CurrentManagedThreadId;
            read.Set();
        });
        using var prefetch = new BatchPrefetch(samples);
        prefetch.Begin([7]);
        Assert.True(read.Wait(TimeSpan.FromSeconds(30)));
        Assert.Equal([7f], prefetch.Take().ToArray());
        Assert.NotEqual(caller, reader);
    }

    [Fact]
    public void An_error_surfaces_where_the_batch_is_taken_and_the_next_can_follow()
    {
        using var samples = new Rows(1, row =>
        {
            if (row == 13) throw new InvalidInputException("row 13: unlucky; leave it out");
        });
        using var prefetch = new BatchPrefetch(samples);
        prefetch.Begin([13]);
        Assert.Contains("unlucky", Assert.Throws<InvalidInputException>(() => prefetch.Take().Length).Message, StringComparison.Ordinal);
        prefetch.Begin([12]);
        Assert.Equal([12f], prefetch.Take().ToArray());
        // Nobody asks for this one.
        prefetch.Begin([13]);
    }

    [Fact]
    public void Batches_are_begun_and_taken_in_turns()
    {
        using var samples = new Rows(1);
        using var prefetch = new BatchPrefetch(samples);
        Assert.Throws<InvalidOperationException>(() => prefetch.Take().Length);
        prefetch.Begin([1]);
        Assert.Throws<InvalidOperationException>(() => prefetch.Begin([2]));
    }
}
