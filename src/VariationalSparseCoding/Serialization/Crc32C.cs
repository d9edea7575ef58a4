using System.Buffers.Binary;
using System.Numerics;

namespace VariationalSparseCoding.Serialization;

/// <summary>The checksum CRC-32C (Castagnoli; RFC 3720, appendix B.4), taken over pieces of any length. It differs for any two contents that differ within 32 neighbouring bits.</summary>
internal struct Crc32C
{
    // Kept inverted, so that the default value is that of no bytes.
    private uint inverted;

    /// <summary>The checksum of the bytes so far.</summary>
    public readonly uint Value => inverted;

    /// <summary>Returns the checksum of one piece.</summary>
    /// <param name="bytes">The piece.</param>
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var checksum = new Crc32C();
        checksum.Append(bytes);
        return checksum.Value;
    }

    /// <summary>Takes the next bytes in.</summary>
    /// <param name="bytes">The bytes.</param>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        uint register = ~inverted;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..]) register = BitOperations.Crc32C(register, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (byte value in bytes) register = BitOperations.Crc32C(register, value);
        inverted = ~register;
    }
}
