using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Networks;

namespace VariationalSparseCoding.Tests.Networks;

/// <summary>Equal seeds give the initial parameters that version 0.1 gave: the numbers below are its, for 7 inputs, 21 features and seed 5.</summary>
public class InitialParametersTests
{
    private static readonly (string Name, uint Bits)[] Backbone =
    [
        ("backbone.enc.0.weight", 0x2E6512CF), ("backbone.enc.0.bias", 0x5A20556A), ("backbone.enc.2.weight", 0x6288983D), ("backbone.enc.2.bias", 0x0F3D56C7),
        ("backbone.enc.4.weight", 0x46D98E60), ("backbone.enc.4.bias", 0xEA1CBE4D), ("backbone.enc.6.weight", 0x0701B203), ("backbone.enc.6.bias", 0x09CC5CD6),
    ];

    [Fact]
    public void Heads_of_learned_thresholds() => AssertBits("thresholded-laplacian-gamma", Fidelity.Equations, InitialHeads.UniformByFanIn,
        ("layers.scale.weight", 0xF3469495), ("layers.scale.bias", 0x5EC59C68), ("layers.shift.weight", 0x7023ADC0), ("layers.shift.bias", 0xE64543A4),
        ("layers.log_shape.weight", 0x344DAE48), ("layers.log_shape.bias", 0x71EC2B29), ("layers.log_rate.weight", 0x5BEF9BA3), ("layers.log_rate.bias", 0xFDF4D195));

    [Fact]
    public void Heads_of_learned_thresholds_near_the_prior() => AssertBits("thresholded-laplacian-gamma", Fidelity.Equations, InitialHeads.Prior,
        ("layers.scale.weight", 0xE3549DED), ("layers.scale.bias", 0xAF5B4C0E), ("layers.shift.weight", 0xF8940F50), ("layers.shift.bias", 0x00000000),
        ("layers.log_shape.weight", 0x79BFC119), ("layers.log_shape.bias", 0x6792B654), ("layers.log_rate.weight", 0x2379D924), ("layers.log_rate.bias", 0x6E338536));

    [Fact]
    public void Heads_of_published_spikes() => AssertBits("spike-and-slab", Fidelity.Published, InitialHeads.UniformByFanIn,
        ("layers.scale.weight", 0xF3469495), ("layers.scale.bias", 0x5EC59C68), ("layers.shift.weight", 0x7023ADC0), ("layers.shift.bias", 0xE64543A4),
        ("layers.spike.weight", 0x344DAE48), ("layers.spike.bias", 0x71EC2B29));

    [Fact]
    public void Heads_of_published_spikes_near_the_prior() => AssertBits("spike-and-slab", Fidelity.Published, InitialHeads.Prior,
        ("layers.scale.weight", 0xE3549DED), ("layers.scale.bias", 0xAF5B4C0E), ("layers.shift.weight", 0xF8940F50), ("layers.shift.bias", 0x00000000),
        ("layers.spike.weight", 0x79BFC119), ("layers.spike.bias", 0xAF5B4C0E));

    [Fact]
    public void The_dictionary_is_that_of_version_0_1_up_to_the_rounding_of_norms()
    {
        using var model = SmallModels.Model(SmallModels.Describe("thresholded-laplacian-gamma"));
        float[] dictionary = model.Dictionary();
        Assert.Equal(-0.08191427f, dictionary[0], 1e-7f);
        Assert.Equal(-0.32696623f, dictionary[^1], 1e-7f);
    }

    [Fact]
    public void Atoms_have_the_wanted_norm_and_another_seed_gives_others()
    {
        FloatMatrix first = new(SmallModels.Inputs, SmallModels.Atoms), second = new(SmallModels.Inputs, SmallModels.Atoms);
        InitialParameters.Dictionary(first, 0.7, 5);
        InitialParameters.Dictionary(second, 0.7, 6);
        for (int atom = 0; atom < SmallModels.Atoms; atom++)
            Assert.Equal(0.7, Math.Sqrt(Enumerable.Range(0, SmallModels.Inputs).Sum(row => (double)first[row][atom] * first[row][atom])), 1e-6);
        Assert.NotEqual(first.All.ToArray(), second.All.ToArray());
    }

    private static void AssertBits(string method, Fidelity fidelity, InitialHeads heads, params (string Name, uint Bits)[] layers)
    {
        var experiment = SmallModels.Describe(method, fidelity: fidelity);
        using var model = SmallModels.Model(experiment with { Posterior = experiment.Posterior with { InitialHeads = heads } });
        Assert.Equal(Backbone.Concat(layers), model.Parameters.Network!.Parameters.Select(parameter => (parameter.Name, Sum(parameter.Value))));
    }

    private static uint Sum(FloatMatrix values)
    {
        uint sum = 0;
        foreach (float value in values.All) sum = unchecked(sum * 31 + BitConverter.SingleToUInt32Bits(value));
        return sum;
    }
}
