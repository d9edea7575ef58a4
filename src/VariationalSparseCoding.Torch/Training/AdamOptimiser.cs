using TorchSharp;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Torch.Tensors;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Torch.Training;

/// <summary>Adam, as torch.optim.Adam, in one pass over each parameter, with its state under the parameters' names.</summary>
internal sealed class AdamOptimiser : IDisposable
{
    private readonly IReadOnlyList<(string Name, Tensor Value)> parameters;
    private readonly AdamOptions options;
    private readonly Tensor[] means, meanSquares;

    /// <summary>Creates the optimiser with its moments at 0.</summary>
    /// <param name="parameters">The parameters of modules, contiguous.</param>
    /// <param name="options">Decays, epsilon and weight decay.</param>
    public AdamOptimiser(IReadOnlyList<(string Name, Tensor Value)> parameters, AdamOptions options)
    {
        (this.parameters, this.options) = (parameters, options);
        using var _ = no_grad();
        means = [.. parameters.Select(p => zeros_like(p.Value).DetachFromDisposeScope())];
        meanSquares = [.. parameters.Select(p => zeros_like(p.Value).DetachFromDisposeScope())];
    }

    /// <summary>The moving means of each parameter's gradient and of its square.</summary>
    public IEnumerable<(string Name, Tensor Value)> State =>
        parameters.Select((p, i) => (p.Name, Mean: means[i], MeanSquare: meanSquares[i])).SelectMany(p => new[] { ("mean." + p.Name, p.Mean), ("mean_square." + p.Name, p.MeanSquare) });

    /// <summary>Forgets the gradients.</summary>
    public void ZeroGradients()
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (_, value) in parameters) value.grad?.zero_();
    }

    /// <summary>Moves the parameters along the gradients that a backward pass has left in them; a parameter without one stays.</summary>
    /// <param name="step">Number of the step, from 0, which the correction of the means' bias depends on.</param>
    /// <param name="learningRate">The rate of this step.</param>
    public void Step(long step, double learningRate)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var constants = new AdamStep<double>(options.Beta1, options.Beta2, options.Epsilon, options.WeightDecay,
            learningRate / (1 - Math.Pow(options.Beta1, step + 1)), Math.Sqrt(1 - Math.Pow(options.Beta2, step + 1)));
        var single = new AdamStep<float>((float)constants.Beta1, (float)constants.Beta2, (float)constants.Epsilon, (float)constants.WeightDecay,
            (float)constants.StepSize, (float)constants.RootOfCorrection);
        for (int i = 0; i < parameters.Count; i++)
        {
            var value = parameters[i].Value;
            if (value.grad is not { } gradient) continue;
            if (value.device_type != DeviceType.CPU) OnDevice(value, gradient, i, constants);
            else if (value.dtype == ScalarType.Float64) Apply(constants, value, gradient, i);
            else Apply(single, value, gradient, i);
        }
    }

    public void Dispose()
    {
        foreach (var tensor in means.Concat(meanSquares)) tensor.Dispose();
    }

    private void Apply<T>(AdamStep<T> step, Tensor value, Tensor gradient, int i) where T : unmanaged, System.Numerics.IFloatingPointIeee754<T> =>
        step.Apply(value.Span<T>(), gradient.contiguous().Span<T>(), means[i].Span<T>(), meanSquares[i].Span<T>(), get_num_threads());

    private void OnDevice(Tensor value, Tensor gradient, int i, AdamStep<double> step)
    {
        var decayed = step.WeightDecay == 0 ? gradient : gradient.Plus(value.Times(step.WeightDecay));
        means[i].mul_(step.Beta1.Number()).add_(decayed, alpha: (1 - step.Beta1).Number());
        meanSquares[i].mul_(step.Beta2.Number()).addcmul_(decayed, decayed, value: (1 - step.Beta2).Number());
        var root = meanSquares[i].sqrt().Over(step.RootOfCorrection).Plus(step.Epsilon);
        value.addcdiv_(means[i], root, value: (-step.StepSize).Number());
    }
}
