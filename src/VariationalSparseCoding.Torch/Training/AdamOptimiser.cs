using TorchSharp.Modules;
using VariationalSparseCoding.Experiments;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Torch.Training;

/// <summary>The tensor library's Adam, with its state under the parameters' names.</summary>
internal sealed class AdamOptimiser : IDisposable
{
    private readonly IReadOnlyList<(string Name, Tensor Value)> parameters;
    private readonly Adam adam;
    private readonly Adam.State[] states;

    /// <summary>Creates the optimiser with its moments at 0.</summary>
    /// <param name="parameters">The parameters of modules.</param>
    /// <param name="options">Decays, epsilon and weight decay.</param>
    public AdamOptimiser(IReadOnlyList<(string Name, Tensor Value)> parameters, AdamOptions options)
    {
        this.parameters = parameters;
        adam = optim.Adam(parameters.Select(p => (Parameter)p.Value), lr: 0, options.Beta1, options.Beta2, options.Epsilon, options.WeightDecay);
        states = [.. adam.state_dict().State.Cast<Adam.State>()];
    }

    /// <summary>The moving means of each parameter's gradient and of its square.</summary>
    public IEnumerable<(string Name, Tensor Value)> State =>
        parameters.Zip(states).SelectMany(pair => new[] { ("mean." + pair.First.Name, pair.Second.exp_avg), ("mean_square." + pair.First.Name, pair.Second.exp_avg_sq) });

    /// <summary>Forgets the gradients.</summary>
    public void ZeroGradients() => adam.zero_grad();

    /// <summary>Moves the parameters along the gradients that a backward pass has left in them.</summary>
    /// <param name="step">Number of the step, from 0, which the correction of the means' bias depends on.</param>
    /// <param name="learningRate">The rate of this step.</param>
    public void Step(long step, double learningRate)
    {
        foreach (var state in states) state.step = step;
        foreach (var group in adam.ParamGroups) group.LearningRate = learningRate;
        adam.step();
    }

    public void Dispose() => adam.Dispose();
}
