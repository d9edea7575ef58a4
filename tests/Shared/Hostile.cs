using VariationalSparseCoding.Random;

namespace VariationalSparseCoding.Tests.Serialization;

/// <summary>Feeds damaged files to a reader, which must either read them or say what is wrong.</summary>
internal static class Hostile
{
    private static readonly byte[] Extremes = [0, 1, 0x7f, 0x80, 0xff];

    /// <summary>Reads many damaged versions of a valid file; anything but success or <see cref="InvalidInputException"/> fails the test.</summary>
    /// <returns>How many versions were refused.</returns>
    public static int Read(byte[] valid, string ending, int versions, Action<string> read)
    {
        using var folder = new ScratchFolder();
        var random = new CounterRandom(new NoiseKey(1, NoisePurpose.Data, 0));
        int refused = 0;
        for (int version = 0; version < versions; version++)
        {
            string path = folder.Write("damaged" + ending, Damage(valid, random));
            try
            {
                read(path);
            }
            catch (InvalidInputException refusal)
            {
                Assert.Contains("damaged", refusal.Message, StringComparison.Ordinal);
                Assert.DoesNotContain('\n', refusal.Message);
                refused++;
            }
        }
        return refused;
    }

    /// <summary>A damaged copy of a file: cut, lengthened, with bytes left out or changed.</summary>
    internal static byte[] Damage(byte[] valid, CounterRandom random)
    {
        byte[] bytes = [.. valid];
        // Headers are where harm is done: half of the changes fall into the first bytes.
        int Position() => (int)random.NextInt64(random.NextInt64(2) == 0 ? Math.Min(256, bytes.Length) : bytes.Length);
        switch (random.NextInt64(5))
        {
            case 0:
                return bytes[..Position()];
            case 1:
                return [.. bytes, .. bytes[Position()..]];
            case 2:
                int cut = Position();
                return [.. bytes[..cut], .. bytes[Math.Min(bytes.Length, cut + 1 + (int)random.NextInt64(8))..]];
            default:
                for (long change = random.NextInt64(4); change >= 0; change--)
                    bytes[Position()] = random.NextInt64(2) == 0 ? Extremes[random.NextInt64(Extremes.Length)] : (byte)random.NextUInt32();
                return bytes;
        }
    }
}
