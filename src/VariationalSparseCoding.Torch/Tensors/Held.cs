using TorchSharp;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Torch.Tensors;

/// <summary>
/// Arithmetic of tensors with numbers, and the sums that the tensor library makes with a number of its own.
/// </summary>
/// <remarks>
/// A number reaches the native library as a <see cref="Scalar"/>, an object with a finaliser. TorchSharp passes on the scalar's address and keeps no reference to the
/// object, so that a garbage collection during the call may free the number while native code reads it. Numbers that are used only as held here stay alive for as long as
/// any call lasts. Sums, squares and sequences are here too, since TorchSharp's own (<c>a + b</c>, <c>a.square()</c>, <c>arange(n)</c>) create such a number inside;
/// eng/BannedSymbols.Torch.txt lists them.
/// </remarks>
internal static class Held
{
#pragma warning disable RS0030 // The one place that makes numbers: it keeps them.
    // No call takes a thousandth of these numbers.
    private const int Kept = 1024;

    private static readonly Scalar zero = 0L.ToScalar(), one = 1L.ToScalar(), two = 2L.ToScalar();

    [ThreadStatic]
    private static Scalar[]? newest;

    [ThreadStatic]
    private static int next;

    /// <summary>Returns a number as a scalar that lives until this thread has asked for a thousand others.</summary>
    /// <param name="number">The number.</param>
    public static Scalar Number(this double number) => Keep(number.ToScalar());

    /// <summary>Returns an integer as a scalar that lives until this thread has asked for a thousand others.</summary>
    /// <param name="number">The integer.</param>
    public static Scalar Number(this long number) => Keep(number.ToScalar());

    /// <summary>a + b.</summary>
    /// <param name="a">A tensor.</param>
    /// <param name="b">A tensor that broadcasts with it.</param>
    public static Tensor Plus(this Tensor a, Tensor b) => a.add(b, one);

    /// <summary>a + b.</summary>
    /// <param name="a">A tensor.</param>
    /// <param name="b">A number.</param>
    public static Tensor Plus(this Tensor a, double b) => a.add(b.Number(), one);

    /// <summary>a - b.</summary>
    /// <param name="a">A tensor.</param>
    /// <param name="b">A number.</param>
    public static Tensor Minus(this Tensor a, double b) => a.add((-b).Number(), one);

    /// <summary>1 - a.</summary>
    /// <param name="a">A tensor.</param>
    public static Tensor OneMinus(this Tensor a) => (-a).add(one, one);

    /// <summary>a b.</summary>
    /// <param name="a">A tensor.</param>
    /// <param name="b">A number.</param>
    public static Tensor Times(this Tensor a, double b) => a.mul(b.Number());

    /// <summary>a / b.</summary>
    /// <param name="a">A tensor.</param>
    /// <param name="b">A number.</param>
    public static Tensor Over(this Tensor a, double b) => a.div(b.Number());

    /// <summary>a a.</summary>
    /// <param name="a">A tensor.</param>
    public static Tensor Squared(this Tensor a) => a.pow(two);

    /// <summary>Tells where a tensor is above a number.</summary>
    /// <param name="a">A tensor.</param>
    /// <param name="b">The number.</param>
    public static Tensor IsAbove(this Tensor a, double b) => a.gt(b.Number());

    /// <summary>Tells where a tensor is not 0.</summary>
    /// <param name="a">A tensor.</param>
    public static Tensor IsNotZero(this Tensor a) => a.ne(zero);

    /// <summary>A tensor's numbers, brought into a range.</summary>
    /// <param name="a">A tensor.</param>
    /// <param name="least">The least number.</param>
    /// <param name="most">The greatest number.</param>
    public static Tensor Within(this Tensor a, double least, double most) => a.clamp(least.Number(), most.Number());

    /// <summary>Takes one draw of each input.</summary>
    /// <param name="draws">[B, J, ...].</param>
    /// <param name="chosen">The number of the draw, [B], int64.</param>
    /// <returns>[B, ...].</returns>
    public static Tensor OfEach(this Tensor draws, Tensor chosen) =>
        draws[arange(zero, chosen.shape[0].Number(), one, ScalarType.Int64, chosen.device), chosen];

    private static Scalar Keep(Scalar scalar)
    {
        newest ??= new Scalar[Kept];
        newest[next] = scalar;
        next = (next + 1) % Kept;
        return scalar;
    }
}
