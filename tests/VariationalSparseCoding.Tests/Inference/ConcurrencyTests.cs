using System.Diagnostics;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Synthetic;
using VariationalSparseCoding.Tests.Training;

namespace VariationalSparseCoding.Tests.Inference;

[Collection(WholeProcess.Name)]
public class ConcurrencyTests
{
    private const int Encoders = 16, Allocators = 2;

    private static readonly TimeSpan Duration = Stress.Duration;

    [Trait("Category", "Slow")]
    [Theory, Trait("Fault", "B1")]
    [InlineData("thresholded-laplacian")]
    [InlineData("fista")]
    public async Task Codes_are_right_while_memory_is_collected(string method)
    {
        var set = SyntheticData.Generate(new() { Samples = 200, Dimension = 16, Atoms = 12, Support = 2 }, 3);
        using var coder = new SparseCoder(new() { Method = method, Atoms = 12, Draws = 4, Epochs = 2, BatchSize = 50, Threads = 2 });
        coder.Fit(set.Samples, 16);
        EncodeOptions[] kinds = [new(), new() { Kind = CodeKind.Mean }, new() { Refine = 3 }, new() { Kind = CodeKind.AsTrained }];
        float[][] expected = [.. kinds.Select(kind => coder.Encode(set.Samples, kind))];
        float[] decoded = coder.Decode(expected[0]);
        long start = Stopwatch.GetTimestamp();
        int rounds = 0;
        Task[] work = [.. Enumerable.Range(0, Encoders).Select(i => OnThread(() => Encode(i))), .. Enumerable.Range(0, Allocators).Select(_ => OnThread(Allocate))];
        await Task.WhenAll(work);
        Assert.True(rounds >= Encoders);

        bool IsOver() => Stopwatch.GetElapsedTime(start) > Duration;

        void Encode(int number)
        {
            float[] block = new float[20 * 12];
            do
            {
                int kind = number++ % kinds.Length, first = 20 * (number % 10);
                Assert.Equal(expected[kind], coder.Encode(set.Samples, kinds[kind]));
                coder.Encode(set.Samples.AsSpan(first * 16, 20 * 16), block, kinds[kind] with { FirstRow = first });
                Assert.Equal(expected[kind][(first * 12)..(first * 12 + block.Length)], block);
                Assert.Equal(decoded, coder.Decode(expected[0]));
                Interlocked.Increment(ref rounds);
            }
            while (!IsOver());
        }

        void Allocate()
        {
            List<byte[]> kept = [];
            while (!IsOver())
            {
                for (int i = 0; i < 100; i++) kept.Add(new byte[1000 * (i + 1)]);
                if (kept.Count > 1000) kept.Clear();
                GC.Collect(kept.Count % 3, GCCollectionMode.Forced, blocking: true, compacting: true);
            }
        }

        static Task OnThread(Action work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }
}
