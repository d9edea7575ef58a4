namespace VariationalSparseCoding.Data;

/// <summary>Parts of a range that follow each other, such as the files of a store.</summary>
internal static class Parts
{
    /// <summary>Finds the part that holds a place. Parts that hold nothing begin where the next does, and are passed over.</summary>
    /// <param name="starts">Where each part begins, and where the last ends, [parts + 1]; rising.</param>
    /// <param name="place">A place of the range.</param>
    public static int Of(ReadOnlySpan<long> starts, long place)
    {
        int low = 0, high = starts.Length - 2;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (starts[middle] <= place) low = middle;
            else high = middle - 1;
        }
        return low;
    }
}
