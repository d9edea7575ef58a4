using System.Globalization;
using System.Text;
using VariationalSparseCoding.Random;

namespace VariationalSparseCoding.Fuzz.Tests;

/// <summary>Damages files: flipped bits, cuts, parts left out, doubled or taken from another file, and lengths and numbers set to extremes.</summary>
/// <param name="random">Decides where and how.</param>
internal sealed class Damages(CounterRandom random)
{
    private const int Ends = 256, LongestPart = 64, MostAtOnce = 3;
    private static readonly ulong[] extremes = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff, 0x100000000, 0x3fffffffffffffff, 0x7fffffffffffffff, 0x8000000000000000, ulong.MaxValue];
    private static readonly string[] numbers = ["0", "-1", "1", "2147483647", "2147483648", "4294967295", "9223372036854775807", "18446744073709551615", "1e308", "1e999", "-1e-320", "NaN", "\"a\"", "[]", "{}", "null"];

    /// <summary>A whole number from 0 to below a bound.</summary>
    /// <param name="bound">The bound, at least 1.</param>
    public int Below(int bound) => (int)random.NextInt64(bound);

    /// <summary>One of several.</summary>
    /// <param name="all">At least one.</param>
    public T Choose<T>(IReadOnlyList<T> all) => all[Below(all.Count)];

    /// <summary>A damaged copy.</summary>
    /// <param name="valid">The intact content.</param>
    /// <param name="other">Another intact content of the same kind, which parts are taken from.</param>
    public byte[] Damage(byte[] valid, byte[] other)
    {
        byte[] bytes = valid;
        for (int change = Below(MostAtOnce); change >= 0; change--) bytes = Once(bytes, other);
        return bytes;
    }

    private byte[] Once(byte[] bytes, byte[] other)
    {
        if (bytes.Length == 0) return [.. other];
        int place = Position(bytes.Length), end = Math.Min(bytes.Length, place + 1 + Below(LongestPart));
        switch (Below(10))
        {
            case 0:
                return bytes[..place];
            case 1:
                return [.. bytes[..place], .. bytes[end..]];
            case 2:
                return [.. bytes[..end], .. bytes[place..]];
            case 3:
                int target = Position(bytes.Length);
                return [.. bytes[..target], .. bytes[place..end], .. bytes[target..]];
            case 4:
                return [.. bytes[..place], .. other[Math.Min(other.Length, place)..]];
            case 5 or 6:
                return WithExtreme(bytes, place);
            case 7:
                return WithNumber(bytes, place);
            default:
                byte[] flipped = [.. bytes];
                for (int flip = Below(4); flip >= 0; flip--) flipped[Position(bytes.Length)] ^= (byte)(1 << Below(8));
                return flipped;
        }
    }

    // Headers and the directories at the end are where harm is done.
    private int Position(int length) => Below(4) switch
    {
        0 or 1 => Below(Math.Min(Ends, length)),
        2 => length - 1 - Below(Math.Min(Ends, length)),
        _ => Below(length),
    };

    private byte[] WithExtreme(byte[] bytes, int place)
    {
        byte[] changed = [.. bytes];
        ulong value = Below(4) == 0 ? (ulong)(bytes.Length - 2 + Below(4)) : Choose(extremes);
        int width = 1 << Below(4);
        bool isBigEndian = Below(2) == 0;
        for (int i = 0; i < width && place + i < changed.Length; i++) changed[place + i] = (byte)(value >> (8 * (isBigEndian ? width - 1 - i : i)));
        return changed;
    }

    private byte[] WithNumber(byte[] bytes, int place)
    {
        int first = place;
        while (first < bytes.Length && !char.IsAsciiDigit((char)bytes[first])) first++;
        int behind = first;
        while (behind < bytes.Length && (char.IsAsciiDigit((char)bytes[behind]) || bytes[behind] == (byte)'.')) behind++;
        string number = Below(3) == 0 ? random.NextInt64(100_000).ToString(CultureInfo.InvariantCulture) : Choose(numbers);
        return [.. bytes[..first], .. Encoding.ASCII.GetBytes(number), .. bytes[behind..]];
    }
}
