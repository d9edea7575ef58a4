namespace VariationalSparseCoding.Kernels;

/// <summary>Partial selection: finds the largest of many numbers without sorting them.</summary>
internal static class Largest
{
    /// <summary>Returns a key that orders values, and equal ones by their place: earlier ones count as larger.</summary>
    /// <param name="value">A value of at least 0, whose bits are ordered as it is.</param>
    /// <param name="place">Where it stands, at least 0.</param>
    public static ulong Key(float value, int place) => ((ulong)BitConverter.SingleToUInt32Bits(value) << 32) | (uint)(int.MaxValue - place);

    /// <summary>Returns the value of a key.</summary>
    /// <param name="key">A key, or 0.</param>
    public static float SizeOf(ulong key) => BitConverter.UInt32BitsToSingle((uint)(key >> 32));

    /// <summary>Moves the largest keys to the front, in no order.</summary>
    /// <param name="keys">Distinct keys.</param>
    /// <param name="count">How many, from 1 to the number of keys.</param>
    /// <returns>The least of the keys in front.</returns>
    public static ulong Select(Span<ulong> keys, int count)
    {
        int wanted = count - 1;
        var range = keys;
        while (range.Length > 1)
        {
            int middle = Split(range);
            if (middle == wanted) return range[middle];
            if (middle > wanted) range = range[..middle];
            else
            {
                wanted -= middle + 1;
                range = range[(middle + 1)..];
            }
        }
        return range[0];
    }

    /// <summary>Divides keys into those above one of them, that one, and those below it.</summary>
    /// <returns>Where the one stands.</returns>
    private static int Split(Span<ulong> keys)
    {
        int last = keys.Length - 1, middle = last / 2;
        // The median of three as the last one, so that sorted keys are divided evenly.
        if (keys[middle] > keys[0]) (keys[middle], keys[0]) = (keys[0], keys[middle]);
        if (keys[last] > keys[0]) (keys[last], keys[0]) = (keys[0], keys[last]);
        if (keys[middle] > keys[last]) (keys[middle], keys[last]) = (keys[last], keys[middle]);
        ulong pivot = keys[last];
        int above = 0;
        for (int i = 0; i < last; i++)
        {
            ulong key = keys[i];
            if (key <= pivot) continue;
            keys[i] = keys[above];
            keys[above++] = key;
        }
        keys[last] = keys[above];
        keys[above] = pivot;
        return above;
    }
}
