namespace VariationalSparseCoding.Tests.MapInference;

/// <summary>NumPy's <c>RandomState(seed).randn</c>, so that a problem that was reported as a line of Python is a test: the Mersenne Twister MT19937 and the polar method.</summary>
internal sealed class NumPyRandom
{
    private const int Length = 624, Shift = 397;
    private const uint Upper = 0x80000000, Lower = 0x7fffffff, Twist = 0x9908b0df;
    private readonly uint[] state = new uint[Length];
    private int position = Length;
    private double? spare;

    public NumPyRandom(uint seed)
    {
        for (uint i = 0; i < Length; i++)
        {
            state[i] = seed;
            seed = 1812433253 * (seed ^ (seed >> 30)) + i + 1;
        }
    }

    /// <summary>The next standard normal numbers, [rows, columns].</summary>
    public Matrix Normal(int rows, int columns)
    {
        double[] values = new double[rows * columns];
        for (int i = 0; i < values.Length; i++) values[i] = Normal();
        return new(values, columns);
    }

    private double Normal()
    {
        if (spare is { } last)
        {
            spare = null;
            return last;
        }
        while (true)
        {
            double x = 2 * Uniform() - 1, y = 2 * Uniform() - 1, square = x * x + y * y;
            if (square is >= 1 or 0) continue;
            double factor = Math.Sqrt(-2 * Math.Log(square) / square);
            spare = factor * x;
            return factor * y;
        }
    }

    private double Uniform() => ((Next() >> 5) * 67108864.0 + (Next() >> 6)) / 9007199254740992.0;

    private uint Next()
    {
        if (position == Length)
        {
            for (int i = 0; i < Length; i++)
            {
                uint mixed = (state[i] & Upper) | (state[(i + 1) % Length] & Lower);
                state[i] = state[(i + Shift) % Length] ^ (mixed >> 1) ^ ((mixed & 1) * Twist);
            }
            position = 0;
        }
        uint value = state[position++];
        value ^= value >> 11;
        value ^= (value << 7) & 0x9d2c5680;
        value ^= (value << 15) & 0xefc60000;
        return value ^ (value >> 18);
    }
}
