using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Torch.Training;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Tests.Training;

public class AdamOptimiserTests
{
    [Theory]
    [InlineData(ScalarType.Float64, 0, 1e-14)]
    [InlineData(ScalarType.Float64, 0.01, 1e-14)]
    [InlineData(ScalarType.Float32, 0.01, 1e-6)]
    public void It_walks_as_the_tensor_librarys_own(ScalarType type, double decay, double tolerance)
    {
        using var scope = NewDisposeScope();
        var options = new AdamOptions { WeightDecay = decay };
        TorchSharp.Modules.Parameter Start() => new(arange(77, type).mul(0.7).cos().view(7, 11));
        TorchSharp.Modules.Parameter mine = Start(), theirs = Start(), still = Start();
        using var optimiser = new AdamOptimiser([("weights", mine), ("still", still)], options);
        using var reference = optim.Adam([theirs], 0.01, options.Beta1, options.Beta2, options.Epsilon, options.WeightDecay);
        for (int step = 0; step < 20; step++)
        {
            double rate = 0.01 * (1 + step % 3);
            // A transposed gradient is not contiguous.
            var gradient = (arange(77, type) * (step + 1)).sin().view(11, 7).t();
            mine.grad = gradient;
            theirs.grad = gradient.clone();
            optimiser.Step(step, rate);
            reference.ParamGroups.Single().LearningRate = rate;
            reference.step();
        }
        Assert.InRange((mine - theirs).abs().max().to(ScalarType.Float64).item<double>(), 0, tolerance);
        Assert.True((mine - Start()).abs().max().to(ScalarType.Float64).item<double>() > 0.01);
        // Without a gradient a parameter stays, as do its means.
        Assert.True(still.Equals(Start()));
        Assert.Equal(["mean.weights", "mean_square.weights", "mean.still", "mean_square.still"], optimiser.State.Select(pair => pair.Name));
        Assert.Equal([false, false, true, true], optimiser.State.Select(pair => pair.Value.eq(0).all().item<bool>()));
    }

    [Fact]
    public void Forgotten_gradients_are_zero()
    {
        using var scope = NewDisposeScope();
        var parameter = new TorchSharp.Modules.Parameter(ones(3));
        using var optimiser = new AdamOptimiser([("weights", parameter)], new());
        optimiser.ZeroGradients();
        (parameter * 2).sum().backward();
        optimiser.ZeroGradients();
        (parameter * 3).sum().backward();
        Assert.Equal([3f, 3, 3], parameter.grad!.data<float>().ToArray());
    }
}
