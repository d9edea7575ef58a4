using Parquet;
using Parquet.Schema;

namespace VariationalSparseCoding.Columnar.Tests;

/// <summary>Writes small Parquet files with a column x of lists behind one of numbers.</summary>
internal static class ParquetFile
{
    /// <summary>Rows as lists, [n] of D, or nested, [n / 3] of 3 of D.</summary>
    public static void Write(string path, float[] rows, int groupRecords, bool nested, bool doubles)
    {
        DataField element = doubles ? new DataField<double>("element") : new DataField<float>("element");
        Field inner = nested ? new ListField("element", element) : element;
        var id = new DataField<int>("id");
        var schema = new ParquetSchema(id, new ListField("x", inner));
        var leaf = schema.GetDataFields()[1];
        using var stream = new FileStream(path, FileMode.Create, FileAccess.ReadWrite);
        WriteAsync().GetAwaiter().GetResult();

        async Task WriteAsync()
        {
            await using var writer = await ParquetWriter.CreateAsync(schema, stream, new ParquetOptions { CompressionMethod = CompressionMethod.Snappy });
            int perRecord = ArrowFile.Columns * (nested ? 3 : 1);
            foreach (float[] values in rows.Chunk(groupRecords * perRecord))
            {
                using var group = writer.CreateRowGroup();
                await group.WriteAsync<int>(id, Enumerable.Range(0, values.Length / perRecord).ToArray());
                int[] repetitions = [.. Enumerable.Range(0, values.Length).Select(i => i % perRecord == 0 ? 0 : nested && i % ArrowFile.Columns == 0 ? 1 : leaf.MaxRepetitionLevel)];
                int[] definitions = [.. Enumerable.Repeat(leaf.MaxDefinitionLevel, values.Length)];
                if (doubles) await group.WriteAllPartsAsync<double>(leaf, Array.ConvertAll(values, value => (double)value), definitions, repetitions, default);
                else await group.WriteAllPartsAsync<float>(leaf, values, definitions, repetitions, default);
                group.CompleteValidate();
            }
        }
    }
}
