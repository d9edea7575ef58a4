using VariationalSparseCoding.Torch.Training;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Tests.Training;

public class NesterovOptimiserTests
{
    [Theory]
    [InlineData(ScalarType.Float64, 1e-14)]
    [InlineData(ScalarType.Float32, 1e-6)]
    public void It_walks_as_the_tensor_librarys_own(ScalarType type, double tolerance)
    {
        using var scope = NewDisposeScope();
        Tensor Start() => arange(15, type).mul(0.7).cos().view(3, 5);
        var (mine, theirs) = (Start(), new TorchSharp.Modules.Parameter(Start()));
        using var optimiser = new NesterovOptimiser([("weights", mine)], 0.9);
        using var reference = optim.SGD([theirs], 0.01, momentum: 0.9, nesterov: true);
        for (int step = 0; step < 20; step++)
        {
            double rate = 0.01 * (1 + step % 3);
            // A transposed gradient is not contiguous.
            var gradient = ((arange(15, type) * (step + 1)).sin().view(5, 3)).t();
            optimiser.Step([gradient], rate);
            theirs.grad = gradient.clone();
            reference.ParamGroups.Single().LearningRate = rate;
            reference.step();
        }
        Assert.InRange((mine - theirs).abs().max().to(ScalarType.Float64).item<double>(), 0, tolerance);
        Assert.True((mine - Start()).abs().max().to(ScalarType.Float64).item<double>() > 0.01);
    }

    [Fact]
    public void Its_state_is_the_momentum_of_each_parameter()
    {
        using var scope = NewDisposeScope();
        var (first, second) = (zeros(2), zeros(1));
        using var optimiser = new NesterovOptimiser([("first", first), ("second", second)], 0.5);
        optimiser.Step([tensor([1f, 2f]), tensor([3f])], 0.1);
        optimiser.Step([tensor([1f, 2f]), tensor([3f])], 0.1);
        var state = optimiser.State.ToDictionary(pair => pair.Name, pair => pair.Value.data<float>().ToArray());
        Assert.Equal([1.5f, 3f], state["first"]);
        Assert.Equal([4.5f], state["second"]);
    }
}
