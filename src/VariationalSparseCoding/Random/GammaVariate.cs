using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.Random;

/// <summary>
/// Draws of Gamma(shape, 1) by the method of Marsaglia and Tsang, "A Simple Method for Generating Gamma Variables" (ACM TOMS 26, 2000):
/// d (1 + c x)^3 with d = shape - 1/3, c = 1/sqrt(9 d) and x normal, unless a uniform variate rejects it; below a shape of 1, the draw of shape + 1 times u^(1/shape).
/// As in <see cref="CounterNoise"/>, a draw is a pure function of the key, its row, sample and feature, and of its shape.
/// </summary>
/// <remarks>
/// The streams from <see cref="FirstStream"/> on belong to these draws: u, then the first attempt's normal and uniform variate, laid out as <see cref="CounterNoise"/> says;
/// each stream after these holds one more attempt, whose two variates are output words 0 and 1 of <see cref="Philox"/> at the feature's number as counter word 0.
/// </remarks>
internal static class GammaVariate
{
    /// <summary>The first of the streams of <see cref="CounterNoise"/> that the draws take; they may take all up to the last.</summary>
    public const int FirstStream = 128;

    private const int NormalStream = FirstStream + 1, UniformStream = FirstStream + 2, FirstRetryStream = FirstStream + 3;

    /// <summary>Draws for each row and feature J times from its shape. Double precision uses the same random numbers as single precision.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="key">Seed, purpose and step.</param>
    /// <param name="firstRow">Number of the first row, at least 0.</param>
    /// <param name="rows">Number of rows, B.</param>
    /// <param name="samples">Number of samples of each row, J, at most <see cref="CounterNoise.MaximumSamples"/>.</param>
    /// <param name="features">Number of features, d.</param>
    /// <param name="shapes">The shapes, [B, d], above 0.</param>
    /// <param name="destination">Receives the draws, [B, J, d]; none is below the least normal number of its type.</param>
    /// <param name="threads">How many threads may work, at least 1; the result does not depend on it.</param>
    /// <exception cref="ArgumentException">An argument is out of its range, or a span does not have as many elements as it must.</exception>
    public static unsafe void Draw<T>(
        NoiseKey key, int firstRow, int rows, int samples, int features, ReadOnlySpan<T> shapes, Span<T> destination, int threads = 1)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CounterNoise.Check(FirstStream, firstRow, rows, samples, features, destination.Length);
        CounterNoise.Check(FirstStream, firstRow, rows, 1, features, shapes.Length);
        fixed (T* shapeStart = shapes, start = destination)
        {
            T* shapeLines = shapeStart, lines = start;
            ParallelRanges.Run(rows, threads, (first, end) =>
            {
                var drawer = new RowDrawer(key, features);
                for (int row = first; row < end; row++)
                {
                    drawer.Shapes(new ReadOnlySpan<T>(shapeLines + (long)row * features, features));
                    for (int sample = 0; sample < samples; sample++)
                        drawer.Draw((uint)(firstRow + row), sample, new Span<T>(lines + ((long)row * samples + sample) * features, features));
                }
            });
        }
    }

    /// <summary>d (1 + c x)^3, or 0 where it is rejected. A shape that is no number gives no number.</summary>
    private static double Attempt(double d, double c, double normal, double uniform)
    {
        double root = 1 + c * normal;
        if (root <= 0) return 0;
        double cube = root * root * root, square = normal * normal;
        bool rejected = uniform >= 1 - 0.0331 * square * square && Math.Log(uniform) >= square / 2 + d * (1 - cube + Math.Log(cube));
        return rejected ? 0 : d * cube;
    }

    /// <summary>What the samples of a row share, and room for a line of random numbers.</summary>
    internal sealed class RowDrawer(NoiseKey key, int features)
    {
        // Whole vectors are read past the last feature, whose draws are left out.
        private readonly double[] shapes = new double[features + Lanes.Count], d = new double[features + Lanes.Count], c = new double[features + Lanes.Count];
        private readonly float[] boosts = new float[features], normals = new float[features], uniforms = new float[features];

        public void Shapes<T>(ReadOnlySpan<T> line) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            for (int feature = 0; feature < features; feature++)
            {
                shapes[feature] = double.CreateTruncating(line[feature]);
                d[feature] = shapes[feature] + (shapes[feature] < 1 ? 2.0 / 3 : -1.0 / 3);
                c[feature] = 1 / Math.Sqrt(9 * d[feature]);
            }
        }

        public void Draw<T>(uint row, int sample, Span<T> line) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            T least = T.CreateTruncating(2.2250738585072014e-308);
            CounterNoise.FillLine<UniformVariate, float>(key, FirstStream, row, sample, boosts);
            CounterNoise.FillLine<NormalVariate, float>(key, NormalStream, row, sample, normals);
            CounterNoise.FillLine<UniformVariate, float>(key, UniformStream, row, sample, uniforms);
            if (typeof(T) == typeof(float)) DrawMost(row, sample, MemoryMarshal.Cast<T, float>(line));
            else for (int feature = 0; feature < line.Length; feature++) line[feature] = T.Max(T.CreateTruncating(DrawOne(row, sample, feature)), least);
        }

        /// <summary>Most attempts are accepted by the first, simple bound, many at a time; what is left is drawn one by one. The numbers are those of <see cref="DrawOne"/>.</summary>
        private void DrawMost(uint row, int sample, Span<float> line)
        {
            for (int i = 0; i < line.Length; i += Lanes.Count)
            {
                var (lowNormal, highNormal) = Vector512.Widen(Lanes.Load(normals, i));
                var (lowUniform, highUniform) = Vector512.Widen(Lanes.Load(uniforms, i));
                var (low, lowRejected) = FirstAttempt(lowNormal, lowUniform, i);
                var (high, highRejected) = FirstAttempt(highNormal, highUniform, i + Vector512<double>.Count);
                Lanes.Store(Vector512.Narrow(low, high), line, i);
                ulong left = lowRejected | (highRejected << Vector512<double>.Count);
                for (; left != 0; left &= left - 1)
                {
                    int feature = i + BitOperations.TrailingZeroCount(left);
                    if (feature < line.Length) line[feature] = MathF.Max((float)DrawOne(row, sample, feature), 1.17549435e-38f);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private (Vector512<double> Draws, ulong Left) FirstAttempt(Vector512<double> normal, Vector512<double> uniform, int first)
        {
            Vector512<double> one = Vector512<double>.One, square = normal * normal, root = one + Vector512.LoadUnsafe(ref c[0], (nuint)first) * normal;
            Vector512<double> accepted = Vector512.LessThan(uniform, one - Vector512.Create(0.0331) * square * square)
                & Vector512.GreaterThan(root, Vector512<double>.Zero) & Vector512.GreaterThanOrEqual(Vector512.LoadUnsafe(ref shapes[0], (nuint)first), one);
            return (Vector512.LoadUnsafe(ref d[0], (nuint)first) * (root * root * root), ~accepted.ExtractMostSignificantBits() & 0xFF);
        }

        private double DrawOne(uint row, int sample, int feature)
        {
            double draw = Attempt(d[feature], c[feature], normals[feature], uniforms[feature]);
            if (draw == 0) draw = Retry(row, sample, feature);
            return shapes[feature] < 1 ? draw * Math.Exp(Math.Log(boosts[feature]) / shapes[feature]) : draw;
        }

        private double Retry(uint row, int sample, int feature)
        {
            // More than one attempt in twenty is never rejected: the streams do not run out.
            for (int stream = FirstRetryStream; stream <= byte.MaxValue; stream++)
            {
                var (word0, word1, _, _) = Philox.Words((uint)feature, Philox.Address(key.Purpose, stream, sample), row, key.Step, key.Seed);
                double draw = Attempt(d[feature], c[feature], NormalVariate.FromWord(word0), UniformVariate.FromWord(word1));
                if (draw != 0) return draw;
            }
            throw new UnreachableException();
        }
    }
}
