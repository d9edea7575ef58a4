using VariationalSparseCoding.Engine;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Networks;

namespace VariationalSparseCoding.Tests.Networks;

public class PackedNetworkTests
{
    [Theory]
    [InlineData(1), InlineData(5), InlineData(12), InlineData(13), InlineData(50)]
    public void Outputs_have_the_bits_of_a_training_step(int rows)
    {
        using var model = SmallModels.Model(SmallModels.Describe("thresholded-laplacian-gamma"), inputs: 33);
        var network = model.Parameters.Network!;
        using var team = new ThreadTeam(2);
        using var pass = EncoderPass.Create(network, rows, team);
        var x = new FloatMatrix(rows, 33);
        SmallModels.Samples(rows, 33).CopyTo(x.All);
        pass.Forward(x.All);

        var packed = new PackedNetwork(network);
        var workspace = packed.CreateWorkspace(rows + 3);
        packed.Forward(x.Operand, rows, workspace);
        // Alone, and with others beside it: always the same.
        var alone = packed.CreateWorkspace(1);
        for (int row = 0; row < rows; row++)
        {
            packed.Forward(x.Operand.From(row), 1, alone);
            for (int head = 0; head < network.Heads.Count; head++)
            {
                float[] expected = pass.Outputs.Matrices[head][row].ToArray();
                Assert.Equal(expected, workspace.Outputs.Matrices[head][row].ToArray());
                Assert.Equal(expected, alone.Outputs.Matrices[head][0].ToArray());
            }
        }
        GC.KeepAlive(x);
    }

    [Fact]
    public void Later_changes_of_the_network_are_not_seen()
    {
        using var model = SmallModels.Model(SmallModels.Describe());
        var packed = new PackedNetwork(model.Parameters.Network!);
        var x = new FloatMatrix(1, SmallModels.Inputs);
        SmallModels.Samples(1).CopyTo(x.All);
        var workspace = packed.CreateWorkspace(1);
        packed.Forward(x.Operand, 1, workspace);
        float[] before = workspace.Outputs.Matrices[0][0].ToArray();
        foreach (var (_, value, _) in model.Parameters.Network!.Parameters) value.All.Fill(1);
        packed.Forward(x.Operand, 1, workspace);
        Assert.Equal(before, workspace.Outputs.Matrices[0][0].ToArray());
        GC.KeepAlive(x);
    }
}
