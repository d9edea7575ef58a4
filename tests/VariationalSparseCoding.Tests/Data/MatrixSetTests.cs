using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Random;
using VariationalSparseCoding.Serialization;
using VariationalSparseCoding.Tests.Serialization;

namespace VariationalSparseCoding.Tests.Data;

public sealed class MatrixSetTests : IDisposable
{
    private const int Rows = 200, Columns = 3;
    private readonly ScratchFolder folder = new();
    private readonly float[] values;

    public MatrixSetTests()
    {
        var random = new CounterRandom(new NoiseKey(1, NoisePurpose.Data, 0));
        values = [.. Enumerable.Range(0, Rows * Columns).Select(i => (float)(random.NextDouble() * (1 + i % Columns) + 10 * (i % Columns)))];
    }

    public void Dispose() => folder.Dispose();

    private DataOptions Options(int train, int validation, Normalisation normalisation = Normalisation.Column)
    {
        Npy.Write<float>(folder.File("x.npy"), values, Columns);
        return new DataOptions { Source = folder.File("x.npy"), TrainSamples = train, ValidationSamples = validation, Normalisation = normalisation };
    }

    private static float[] All(ISampleSet set)
    {
        float[] values = new float[set.Count * set.Dimension];
        set.CopyRows([.. Enumerable.Range(0, set.Count)], values);
        return values;
    }

    [Fact]
    public void Raw_rows_are_each_drawn_once()
    {
        using var split = DataSets.Open(Options(150, 50, Normalisation.None), 1);
        Assert.Equal(values.Chunk(Columns).Select(row => string.Join(' ', row)).Order(),
            All(split.Train).Concat(All(split.Validation)).Chunk(Columns).Select(row => string.Join(' ', row)).Order());
        Assert.False(split.Preprocessing.IsStandardised);
        Assert.Equal(SampleKind.Vectors, split.Preprocessing.Kind);
    }

    [Fact]
    public void Standardised_columns_have_mean_0_and_deviation_1()
    {
        using var split = DataSets.Open(Options(150, 50), 1);
        float[][] rows = [.. All(split.Train).Concat(All(split.Validation)).Chunk(Columns)];
        for (int column = 0; column < Columns; column++)
        {
            double mean = rows.Average(row => (double)row[column]);
            Assert.Equal(0, mean, 1e-6);
            Assert.Equal(1, rows.Average(row => row[column] * row[column] - mean * mean), 1e-6);
        }
    }

    [Fact]
    public void Odd_data_is_refused_with_its_place()
    {
        Assert.Contains("only 200 rows", Assert.Throws<InvalidInputException>(() => DataSets.Open(Options(150, 51), 1)).Message, StringComparison.Ordinal);
        values[5 * Columns + 2] = float.PositiveInfinity;
        Assert.Contains("row 5, column 2", Assert.Throws<InvalidInputException>(() => DataSets.Open(Options(10, 5), 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_constant_column_is_noted_and_left_out()
    {
        for (int row = 0; row < Rows; row++) values[row * Columns + 2] = 0.1f;
        using var split = DataSets.Open(Options(10, 5), 1);
        Assert.Contains("column 2 is constant", Assert.Single(split.Notes), StringComparison.Ordinal);
        Assert.Equal(0, All(split.Train)[2]);
        float[] restored = [0, 0, 5];
        split.Preprocessing.Restore(restored);
        Assert.Equal(0.1f, restored[2]);
        using var raw = DataSets.Open(Options(10, 5, Normalisation.None), 1);
        Assert.Empty(raw.Notes);
        Assert.Equal(0.1f, All(raw.Train)[2]);
    }

    [Fact]
    public void The_digits_of_float64_are_kept_beside_a_large_mean()
    {
        // Float32 holds such numbers to 64 or, the third column, to 0.0625.
        double[] offsets = [1e9, -1e9, 1e6], wide = [.. values.Select((value, i) => value * (i % Columns == 2 ? 1 : 1000) + offsets[i % Columns])];
        Npy.Write<double>(folder.File("wide.npy"), wide, Columns);
        using var split = DataSets.Open(new() { Source = folder.File("wide.npy"), TrainSamples = 150, ValidationSamples = 50 }, 1);
        using var narrow = DataSets.Open(Options(150, 50), 1);
        Assert.Empty(split.Notes);
        float[] expected = All(narrow.Train), standardised = All(split.Train);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], standardised[i], 1e-5);
        using var encoded = DataSets.OpenForEncoding(folder.File("wide.npy"), split.Preprocessing);
        using var all = DataSets.OpenForEncoding(folder.File("x.npy"), narrow.Preprocessing);
        Assert.Equal(All(all)[5], All(encoded)[5], 1e-5);
    }

    [Theory]
    [InlineData(1e-60)]
    [InlineData(1e-40)]
    public void Float64_below_the_range_of_float32_is_refused_and_not_taken_for_constant(double factor)
    {
        Npy.Write<double>(folder.File("tiny.npy"), (double[])[.. values.Select(value => value * factor)], Columns);
        Assert.Contains("column 0 has the mean", Assert.Throws<InvalidInputException>(() => DataSets.Open(new() { Source = folder.File("tiny.npy"), TrainSamples = 150, ValidationSamples = 50 }, 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void New_rows_are_standardised_with_the_saved_statistics()
    {
        using var split = DataSets.Open(Options(150, 50), 1);
        Npy.Write<double>(folder.File("new.npy"), new double[] { 1, 2, 3, 4, 5, 6 }, Columns);
        using var input = DataSets.OpenForEncoding(folder.File("new.npy"), split.Preprocessing);
        float[] expected = [1, 2, 3, 4, 5, 6];
        split.Preprocessing.Standardise(expected);
        Assert.Equal(expected, All(input));

        Npy.Write<float>(folder.File("odd.npy"), new float[] { 1, 2, 3, 4, float.NaN, 6 }, Columns);
        using var odd = DataSets.OpenForEncoding(folder.File("odd.npy"), split.Preprocessing);
        Assert.Contains("row 1, column 1", Assert.Throws<InvalidInputException>(() => All(odd)).Message, StringComparison.Ordinal);

        Npy.Write<float>(folder.File("wide.npy"), new float[8], 4);
        Assert.Contains("4 values where the model takes 3", Assert.Throws<InvalidInputException>(() => DataSets.OpenForEncoding(folder.File("wide.npy"), split.Preprocessing)).Message, StringComparison.Ordinal);
    }
}
