using BenchmarkDotNet.Attributes;
using VariationalSparseCoding.Data;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Random;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Benchmarks;

/// <summary>
/// Reading 65,536 rows of 384 values of a store that lies in the page cache, by one thread: 96 MiB as float32, so that 94 ms are 1 GiB of float32 a second.
/// The reference of the conversion is the runtime's, number by number.
/// </summary>
public class StoreBenchmarks
{
    private const int Rows = 1 << 16, Columns = 384, BatchRows = 512;

    private readonly string folder = Directory.CreateTempSubdirectory("vsc-bench-").FullName;
    private readonly float[] batch = new float[BatchRows * Columns];
    private readonly ushort[] halves = new ushort[Rows * Columns];
    private readonly float[] widened = new float[Rows * Columns];
    private readonly long[] inOrder = [.. Enumerable.Range(0, Rows).Select(row => (long)row)];
    private long[] shuffled = [];
    private RowStore singles = null!, smalls = null!;

    [GlobalSetup]
    public void Write()
    {
        foreach (string type in new[] { StoreDescription.Float32, StoreDescription.Float16 })
        {
            var writer = StoreWriter.Create(Path.Combine(folder, type), new() { Dimension = Columns, Type = type }, 32 << 20);
            for (int first = 0; first < Rows; first += BatchRows) writer.Append(Inputs.Uniform(first / BatchRows, BatchRows * Columns).AsSpan());
            writer.Complete();
        }
        (singles, smalls) = (RowStore.Open(Path.Combine(folder, StoreDescription.Float32), ""), RowStore.Open(Path.Combine(folder, StoreDescription.Float16), ""));
        var order = new IndexPermutation(Rows, Inputs.Key);
        shuffled = [.. inOrder.Select(row => order[row])];
        for (int i = 0; i < halves.Length; i++) halves[i] = (ushort)(i & 0x7bff);
    }

    [Benchmark(Description = "in order"), BenchmarkCategory("store of float32")]
    public void Singles_in_order() => Read(singles, inOrder);

    [Benchmark(Description = "shuffled"), BenchmarkCategory("store of float32")]
    public void Singles_shuffled() => Read(singles, shuffled);

    [Benchmark(Description = "in order"), BenchmarkCategory("store of float16")]
    public void Halves_in_order() => Read(smalls, inOrder);

    [Benchmark(Description = "shuffled"), BenchmarkCategory("store of float16")]
    public void Halves_shuffled() => Read(smalls, shuffled);

    [Benchmark(Baseline = true, Description = "runtime"), BenchmarkCategory("float32 of float16")]
    public void Widened_by_runtime()
    {
        for (int i = 0; i < halves.Length; i++) widened[i] = (float)BitConverter.UInt16BitsToHalf(halves[i]);
    }

    [Benchmark(Description = "kernel"), BenchmarkCategory("float32 of float16")]
    public void Widened_by_kernel() => Widening.FromHalf(halves, widened);

    [GlobalCleanup]
    public void Remove()
    {
        singles.Dispose();
        smalls.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private void Read(RowStore store, long[] rows)
    {
        for (int first = 0; first < rows.Length; first += BatchRows) store.Read(rows.AsSpan(first, BatchRows), batch);
    }
}
