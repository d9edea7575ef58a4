namespace VariationalSparseCoding.Serialization;

/// <summary>How a number is stored, little endian.</summary>
internal enum StoredNumber
{
    /// <summary>IEEE 754 binary16.</summary>
    Float16,

    /// <summary>The upper half of a float32.</summary>
    BFloat16,

    /// <summary>IEEE 754 binary32.</summary>
    Float32,

    /// <summary>IEEE 754 binary64.</summary>
    Float64,
}

/// <summary>Where rows lie in a file. Runs of rows may have other rows between them, such as those of a model's other layers.</summary>
/// <param name="Number">How each value is stored.</param>
/// <param name="Offset">Bytes before the first value.</param>
/// <param name="Rows">N.</param>
/// <param name="Columns">D.</param>
/// <param name="RunRows">Rows of a run, side by side; all of them where there is one run.</param>
/// <param name="RunStride">Rows from the beginning of a run to that of the next.</param>
internal sealed record RowLayout(StoredNumber Number, long Offset, long Rows, int Columns, long RunRows, long RunStride)
{
    /// <summary>Bytes of a value.</summary>
    public int ValueBytes => Number switch
    {
        StoredNumber.Float16 or StoredNumber.BFloat16 => 2,
        StoredNumber.Float32 => 4,
        _ => 8,
    };

    /// <summary>Bytes of a row.</summary>
    public long RowBytes => (long)Columns * ValueBytes;

    /// <summary>Byte behind the last value.</summary>
    public long End => Offset + (RowOf(Rows - 1) + 1) * RowBytes;

    /// <summary>Rows one after the other.</summary>
    /// <param name="number">How each value is stored.</param>
    /// <param name="offset">Bytes before the first value.</param>
    /// <param name="rows">N.</param>
    /// <param name="columns">D.</param>
    public static RowLayout Of(StoredNumber number, long offset, long rows, int columns) => new(number, offset, rows, columns, rows, rows);

    /// <summary>The place of a row, counted in rows from the offset.</summary>
    /// <param name="row">The row.</param>
    public long RowOf(long row) => row / RunRows * RunStride + row % RunRows;
}
