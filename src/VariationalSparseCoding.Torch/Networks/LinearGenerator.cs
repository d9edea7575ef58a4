using VariationalSparseCoding.Torch.Tensors;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Torch.Networks;

/// <summary>The linear generator x = A z without bias (docs/mathematics.md section 2.4), and its own gradient step (docs/mathematics.md section 5.1).</summary>
internal sealed class LinearGenerator : Generator
{
    /// <summary>Creates the generator and takes ownership of the dictionary.</summary>
    /// <param name="dictionary">A, [D, d].</param>
    public LinearGenerator(Tensor dictionary) => Dictionary = dictionary.DetachFromDisposeScope();

    /// <summary>A, [D, d]; its columns are the atoms.</summary>
    public Tensor Dictionary { get; private set; }

    public override IEnumerable<(string Name, Tensor Value)> Parameters => [("dictionary", Dictionary)];

    public override IEnumerable<(string Name, Tensor Value)> Buffers => [];

    /// <summary>Replaces the dictionary's values.</summary>
    /// <param name="values">A, row by row, [D, d].</param>
    public void Set(ReadOnlySpan<float> values)
    {
        using var _ = no_grad();
        using var copy = empty(Dictionary.shape, ScalarType.Float32);
        values.CopyTo(copy.Span<float>());
        Dictionary.copy_(copy);
    }

    /// <summary>Reconstructions A z, [..., D], of codes [..., d].</summary>
    /// <param name="codes">z.</param>
    public override Tensor Decode(Tensor codes) => codes.matmul(Dictionary.t());

    /// <summary>
    /// A + step [ (1/B) sum_k sum_j w_kj (x_k - A z_kj) z_kj^T - 2 kappa A ]: descent on 1/2||x - Az||^2 + kappa ||A||_F^2,
    /// the penalty in full and the data's part as half the gradient of eq. (11) (docs/mathematics.md section 9, row 13).
    /// </summary>
    /// <param name="residuals">x_k - A z_kj under the dictionary as it is, [B, J, D].</param>
    /// <param name="codes">z_kj, [B, J, d].</param>
    /// <param name="weights">w_kj, [B, J]; they sum to 1 for each input.</param>
    /// <param name="step">The step size.</param>
    /// <param name="penalty">kappa.</param>
    public void Step(Tensor residuals, Tensor codes, Tensor weights, double step, double penalty)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        Dictionary.add_(AscentDirection(residuals, codes, weights, penalty), alpha: step.Number());
    }

    /// <summary>The bracket of <see cref="Step"/>, [D, d].</summary>
    /// <param name="residuals">x_k - A z_kj, [B, J, D].</param>
    /// <param name="codes">z_kj, [B, J, d].</param>
    /// <param name="weights">w_kj, [B, J].</param>
    /// <param name="penalty">kappa.</param>
    public Tensor AscentDirection(Tensor residuals, Tensor codes, Tensor weights, double penalty)
    {
        var weighted = (residuals * weights.unsqueeze(-1)).flatten(0, 1);
        return weighted.t().mm(codes.flatten(0, 1)).Over(codes.shape[0]) - Dictionary.Times(2 * penalty);
    }

    public override void To(Device device)
    {
        if (Dictionary.device_type == device.type && Dictionary.device_index == device.index) return;
        using var before = Dictionary;
        Dictionary = before.to(device).DetachFromDisposeScope();
    }

    /// <summary>Changes nothing: there is no batch normalisation.</summary>
    /// <param name="training">Unused.</param>
    public override void Train(bool training)
    {
    }

    public override void Dispose() => Dictionary.Dispose();
}
