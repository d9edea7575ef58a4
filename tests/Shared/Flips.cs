namespace VariationalSparseCoding.Tests.Serialization;

/// <summary>Flips single bits of a file, one at a time, and watches who notices.</summary>
internal static class Flips
{
    /// <summary>Random places that each file is tried at: half of them in its header, half behind.</summary>
    public const int Places = 1000;

    /// <summary>Asserts that a flipped bit is found wherever it lies, by a message that names the file and says what to do.</summary>
    /// <param name="path">The file; it is left as it was.</param>
    /// <param name="header">How many bytes count as its header.</param>
    /// <param name="read">Reads the file and must throw <see cref="InvalidInputException"/>.</param>
    /// <param name="bits">Bits that are tried beside the random ones.</param>
    public static void AllFound(string path, int header, Action read, IEnumerable<long>? bits = null)
    {
        var random = new System.Random(20261128);
        long length = new FileInfo(path).Length;
        var places = Enumerable.Range(0, Places).Select(i => i % 2 == 0 ? random.NextInt64(8L * header) : random.NextInt64(8L * header, 8 * length));
        foreach (long bit in places.Concat(bits ?? []))
        {
            Flip(path, bit);
            var refusal = Record.Exception(read);
            Flip(path, bit);
            if (refusal is not InvalidInputException) Assert.Fail($"bit {bit % 8} of byte {bit / 8} of {length} (header {header}): {refusal?.ToString() ?? "not found"}");
            Assert.StartsWith(path + ": ", refusal.Message, StringComparison.Ordinal);
            Assert.Contains("; ", refusal.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', refusal.Message);
        }
        read();
    }

    /// <summary>Flips a bit in place.</summary>
    /// <param name="path">The file.</param>
    /// <param name="bit">Which one, counted from the beginning.</param>
    public static void Flip(string path, long bit)
    {
        using var file = new FileStream(path, FileMode.Open);
        file.Position = bit / 8;
        int value = file.ReadByte();
        file.Position = bit / 8;
        file.WriteByte((byte)(value ^ (1 << (int)(bit % 8))));
    }

    /// <summary>The bytes of a safetensors file before its first value.</summary>
    /// <param name="path">The file.</param>
    public static int HeaderOf(string path)
    {
        using var file = new BinaryReader(File.OpenRead(path));
        return checked((int)(sizeof(ulong) + file.ReadUInt64()));
    }
}
