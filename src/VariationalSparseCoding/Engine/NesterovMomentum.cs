using VariationalSparseCoding.Kernels;

namespace VariationalSparseCoding.Engine;

/// <summary>Stochastic gradient descent with Nesterov momentum, as torch.optim.SGD, in one pass over each parameter.</summary>
/// <param name="parameters">The parameters.</param>
/// <param name="momentum">In [0, 1).</param>
internal sealed class NesterovMomentum(IReadOnlyList<FloatMatrix> parameters, double momentum)
{
    /// <summary>The momentum of each parameter, in order; at rest in the beginning.</summary>
    public IReadOnlyList<FloatMatrix> Buffers { get; } = [.. parameters.Select(parameter => new FloatMatrix(parameter.Rows, parameter.Columns))];

    /// <summary>m = momentum m + g; parameter -= rate (g + momentum m), for the same share of every parameter. Parts may run at the same time.</summary>
    /// <param name="gradients">g, one for each parameter, in order.</param>
    /// <param name="learningRate">The rate of this step.</param>
    /// <param name="part">The part, from 0.</param>
    /// <param name="parts">Number of parts.</param>
    public void StepPart(IReadOnlyList<FloatMatrix> gradients, double learningRate, int part, int parts)
    {
        for (int i = 0; i < Buffers.Count; i++)
        {
            int length = parameters[i].All.Length, first = (int)((long)length * part / parts), end = (int)((long)length * (part + 1) / parts);
            NesterovStep.Apply(parameters[i].All[first..end], gradients[i].All[first..end], Buffers[i].All[first..end], (float)learningRate, (float)momentum);
        }
    }
}
