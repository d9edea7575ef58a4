using VariationalSparseCoding.Posteriors;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Torch.Posteriors;

/// <summary>One tensor for each head that a posterior has: its parameters [B, d], or derivatives by them [B, J, d].</summary>
/// <param name="Scale">For <see cref="Head.Scale"/>.</param>
/// <param name="Shift">For <see cref="Head.Shift"/>.</param>
/// <param name="Spike">For <see cref="Head.Spike"/>, where there is one.</param>
/// <param name="LogShape">For <see cref="Head.LogShape"/>, where there is one.</param>
/// <param name="LogRate">For <see cref="Head.LogRate"/>, where there is one.</param>
internal sealed record HeadTensors(Tensor Scale, Tensor Shift, Tensor? Spike = null, Tensor? LogShape = null, Tensor? LogRate = null)
{
    /// <summary>The tensor of a head.</summary>
    /// <param name="head">A head that this posterior has.</param>
    /// <exception cref="ArgumentException">The posterior has no such head.</exception>
    public Tensor this[Head head] => head switch
    {
        Head.Scale => Scale,
        Head.Shift => Shift,
        Head.Spike => Spike,
        Head.LogShape => LogShape,
        _ => LogRate,
    } ?? throw new ArgumentException($"This posterior has no head '{head}'.", nameof(head));

    /// <summary>Makes the tensors from a function of the head.</summary>
    /// <param name="heads">The heads that there are; scale and shift among them.</param>
    /// <param name="make">Makes the tensor of a head.</param>
    public static HeadTensors From(IReadOnlyList<Head> heads, Func<Head, Tensor> make)
    {
        var made = heads.ToDictionary(head => head, make);
        return new(made[Head.Scale], made[Head.Shift], made.GetValueOrDefault(Head.Spike), made.GetValueOrDefault(Head.LogShape), made.GetValueOrDefault(Head.LogRate));
    }

    /// <summary>Applies a function to each tensor that has rows; a scalar stands for all rows and stays.</summary>
    /// <param name="map">The function.</param>
    internal HeadTensors MapRows(Func<Tensor, Tensor> map) => Map(parameters => parameters.dim() == 0 ? parameters : map(parameters));

    /// <summary>Applies a function to each tensor.</summary>
    /// <param name="map">The function.</param>
    public HeadTensors Map(Func<Tensor, Tensor> map) =>
        new(map(Scale), map(Shift), Spike is null ? null : map(Spike), LogShape is null ? null : map(LogShape), LogRate is null ? null : map(LogRate));
}
