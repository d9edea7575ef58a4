using VariationalSparseCoding.Data;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Columnar;

/// <summary>The door of this package: makes Parquet and Arrow files known to the library as stores of rows.</summary>
public static class ColumnarData
{
    /// <summary>Registers files that end in .parquet, .arrow and .feather, and the reader of what rows of our own stores are. Call it once, before data is opened; further calls do nothing. Safe from several threads.</summary>
    public static void Register()
    {
        RowFormats.Register(new ParquetRows(), new ArrowRows());
        RowNotes.Register(ParquetNotes.Open);
    }
}
