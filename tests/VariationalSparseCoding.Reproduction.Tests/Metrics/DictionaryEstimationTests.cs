using VariationalSparseCoding.Reproduction.Metrics;
using VariationalSparseCoding.Tests;
using static VariationalSparseCoding.Tests.Metrics.Samples;

namespace VariationalSparseCoding.Reproduction.Tests.Metrics;

public class DictionaryEstimationTests
{
    [Fact]
    public void Matches_the_reference_numbers()
    {
        var fixture = Fixtures.Read("metrics.json");
        var codes = fixture.GetProperty("codes");
        int columns = fixture.GetProperty("codes_for_dictionary_columns").GetInt32();
        double[] used = [.. codes.EnumerateArray().SelectMany(row => row.Numbers().Take(columns))];
        var inputs = fixture.GetProperty("inputs_for_dictionary");
        double[] estimated = DictionaryEstimation.Estimate<double>(inputs.Numbers(), (int)inputs.Shape()[1], used, columns);
        AssertClose(fixture.GetProperty("estimated_dictionary").Numbers(), estimated, 1e-9);
    }

    [Fact]
    public void Recovers_the_dictionary_of_noiseless_data_and_gives_dead_features_zero_atoms()
    {
        const int count = 50, dimension = 4, features = 3;
        double[] dictionary = Normals(dimension * features, 1), codes = Normals(count * features, 2);
        for (int row = 0; row < count; row++) codes[row * features + 1] = 0;
        double[] samples = new double[count * dimension];
        for (int i = 0; i < samples.Length; i++)
            for (int feature = 0; feature < features; feature++) samples[i] += dictionary[i % dimension * features + feature] * codes[i / dimension * features + feature];
        for (int row = 0; row < dimension; row++) dictionary[row * features + 1] = 0;
        AssertClose(dictionary, DictionaryEstimation.Estimate<double>(samples, dimension, codes, features), 1e-12);
    }

    [Fact]
    public void Equal_features_share_an_atom_and_zero_codes_give_zeros()
    {
        double[] codes = [1, 1, 2, 2, -1, -1], samples = [2, 4, -2];
        AssertClose([1, 1], DictionaryEstimation.Estimate<double>(samples, 1, codes, 2), 1e-12);
        Assert.Equal([0.0, 0.0], DictionaryEstimation.Estimate<double>(samples, 1, new double[6], 2));
    }
}
