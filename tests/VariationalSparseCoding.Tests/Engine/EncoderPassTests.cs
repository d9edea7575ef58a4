using VariationalSparseCoding.Engine;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Tests.Kernels;

namespace VariationalSparseCoding.Tests.Engine;

public class EncoderPassTests
{
    private const int Batch = 13;

    [Theory]
    [InlineData(1), InlineData(2), InlineData(5)]
    public void Outputs_are_those_of_a_network_in_double_precision(int threads)
    {
        using var model = SmallModels.Model(SmallModels.Describe("thresholded-laplacian-gamma"));
        var network = model.Parameters.Network!;
        using var team = new ThreadTeam(threads);
        using var pass = EncoderPass.Create(network, Batch, team);
        float[] x = SmallModels.Samples(Batch);
        pass.Forward(x);
        double[][][] expected = new PlainNetwork(network).Outputs(x);
        for (int head = 0; head < expected.Length; head++)
            for (int row = 0; row < Batch; row++)
                for (int i = 0; i < SmallModels.Atoms; i++) Assert.Equal(expected[head][row][i], pass.Outputs.Matrices[head][row][i], 1e-5);
    }

    [Trait("Category", "Slow")]
    [Theory]
    [InlineData(1), InlineData(3)]
    public void Gradients_are_those_of_finite_differences(int threads)
    {
        using var model = SmallModels.Model(SmallModels.Describe("spike-and-slab"));
        var network = model.Parameters.Network!;
        using var team = new ThreadTeam(threads);
        using var pass = EncoderPass.Create(network, Batch, team);
        float[] x = SmallModels.Samples(Batch);
        pass.Forward(x);
        float[][] weights = [.. network.Heads.Select((_, head) => RandomNumbers.Normal(10 + head, Batch * SmallModels.Atoms))];
        for (int head = 0; head < weights.Length; head++)
            for (int row = 0; row < Batch; row++) weights[head].AsSpan(row * SmallModels.Atoms, SmallModels.Atoms).CopyTo(pass.OutputGradients.Matrices[head][row]);
        pass.Backward();

        var plain = new PlainNetwork(network);
        for (int parameter = 0; parameter < pass.Gradients.Count; parameter++)
            plain.AssertGradient(parameter, pass.Gradients[parameter].All.ToArray(), Loss);

        double Loss()
        {
            double sum = 0;
            double[][][] outputs = plain.Outputs(x);
            for (int head = 0; head < weights.Length; head++)
                for (int row = 0; row < Batch; row++)
                    for (int i = 0; i < SmallModels.Atoms; i++) sum += weights[head][row * SmallModels.Atoms + i] * outputs[head][row][i];
            return sum;
        }
    }

    [Fact]
    public void Threads_do_not_change_a_bit()
    {
        using var model = SmallModels.Model(SmallModels.Describe());
        float[][] alone = Gradients(1);
        foreach (int threads in new[] { 2, 3, 9 }) Assert.Equal(alone, Gradients(threads));

        float[][] Gradients(int threads)
        {
            using var team = new ThreadTeam(threads);
            using var pass = EncoderPass.Create(model.Parameters.Network!, Batch, team);
            pass.Forward(SmallModels.Samples(Batch));
            for (int head = 0; head < 2; head++)
                for (int row = 0; row < Batch; row++) pass.Outputs.Matrices[head][row].CopyTo(pass.OutputGradients.Matrices[1 - head][row]);
            pass.Backward();
            return [.. pass.Gradients.Select(gradient => gradient.All.ToArray())];
        }
    }
}
