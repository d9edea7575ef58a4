using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.Random;

/// <summary>How a random word becomes a base sample.</summary>
internal interface IVariate
{
    static abstract Vector512<float> FromWords(Vector512<uint> words);

    static abstract double FromWord(uint word);
}

/// <summary>Standard Laplace; its magnitude is -log of the tail probability, floored at 1e-6.</summary>
internal readonly struct LaplaceVariate : IVariate
{
    public const float TailFloor = 1e-6f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> FromWords(Vector512<uint> words) =>
        BaseMath.WithSign(BaseMath.NegativeLog(Vector512.MaxNative(BaseMath.TailProbability(words), Vector512.Create(TailFloor))), words);

    public static double FromWord(uint word) => BaseMath.WithSign(-Math.Log(Math.Max(BaseMath.TailProbability(word), 1e-6)), word);
}

/// <summary>Standard normal.</summary>
internal readonly struct NormalVariate : IVariate
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> FromWords(Vector512<uint> words) => BaseMath.WithSign(BaseMath.NormalMagnitude(BaseMath.TailProbability(words)), words);

    public static double FromWord(uint word) => BaseMath.WithSign(BaseMath.NormalMagnitude(BaseMath.TailProbability(word)), word);
}

/// <summary>Uniform in (0, 1): (word + 1/2) 2^-32.</summary>
internal readonly struct UniformVariate : IVariate
{
    // The greatest words would round to 1 in single precision.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> FromWords(Vector512<uint> words) => Vector512.MinNative(
        Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle(words), Vector512.Create(0.5f / (1u << 31)), Vector512.Create(0.25f / (1u << 31))), Vector512.Create(MathF.BitDecrement(1)));

    public static double FromWord(uint word) => (word + 0.5) / (1L << 32);
}
