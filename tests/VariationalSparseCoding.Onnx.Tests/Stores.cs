using System.Runtime.InteropServices;
using Parquet;
using VariationalSparseCoding.Onnx.Collecting;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Onnx.Tests;

/// <summary>Reads what collections write.</summary>
internal static class Stores
{
    /// <summary>The values of all shards, row after row.</summary>
    public static float[] Read(string folder)
    {
        List<float> values = [];
        foreach (var shard in StoreDescription.Read(folder).Shards)
        {
            var tensor = Safetensors.Read(Path.Combine(folder, shard.File)).Tensors[StoreDescription.TensorName];
            values.AddRange(tensor.Type == SafetensorsType.F16 ? MemoryMarshal.Cast<byte, Half>(tensor.Read()).ToArray().Select(value => (float)value) : tensor.Floats.ToArray());
        }
        return [.. values];
    }

    /// <summary>What is known of each row: the values of the columns in their order.</summary>
    public static async Task<(string[] Columns, string[][] Rows)> Notes(string folder)
    {
        await using var stream = System.IO.File.OpenRead(Path.Combine(folder, RowNotesFile.FileName));
        await using var reader = await ParquetReader.CreateAsync(stream);
        var fields = reader.Schema.GetDataFields();
        List<string[]> rows = [];
        for (int index = 0; index < reader.RowGroupCount; index++)
        {
            using var group = reader.OpenRowGroupReader(index);
            List<string[]> columns = [];
            foreach (var field in fields)
            {
                if (field.ClrType != typeof(int))
                {
                    string[] texts = new string[group.RowCount];
                    await group.ReadAsync(field, texts);
                    columns.Add(texts);
                }
                else
                {
                    int[] numbers = new int[group.RowCount];
                    await group.ReadAsync<int>(field, numbers);
                    columns.Add(Array.ConvertAll(numbers, number => $"{number}"));
                }
            }
            for (int row = 0; row < group.RowCount; row++) rows.Add([.. columns.Select(column => column[row])]);
        }
        return ([.. fields.Select(field => field.Name)], [.. rows]);
    }
}
