namespace VariationalSparseCoding.Serialization;

/// <summary>Rows in safetensors files of F16, BF16, F32 and F64. A tensor may be larger than 2 GB; a checksum is not checked, for that would take reading everything.</summary>
internal sealed class SafetensorsRows : RowFormat
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Endings => [".safetensors"];

    /// <inheritdoc/>
    public override string PartName => "tensor";

    /// <inheritdoc/>
    public override RowShard Open(string path, string part) => RowFile.Open(path, stream =>
    {
        var header = SafetensorsHeader.Read(stream, path, stream.Length);
        string name = Choose(path, part, [.. header.Entries.Select(entry => entry.Name)],
            [.. header.Entries.Where(entry => NumberOf(entry.Type) is not null && entry.Shape.Length >= 2).Select(entry => entry.Name)]);
        var entry = header.Entries.Single(entry => entry.Name == name);
        string source = $"{path} ({name})";
        if (NumberOf(entry.Type) is not { } number) throw InputFile.Malformed(source, $"its dtype is {entry.Type.Name}", "save it as F16, BF16, F32 or F64");
        return Rows(source, number, entry.Shape, stream.Length - header.Entries[^1].End + entry.Begin);
    });

    private static StoredNumber? NumberOf(SafetensorsType type) =>
        type == SafetensorsType.F16 ? StoredNumber.Float16
        : type == SafetensorsType.BF16 ? StoredNumber.BFloat16
        : type == SafetensorsType.F32 ? StoredNumber.Float32
        : type == SafetensorsType.F64 ? StoredNumber.Float64
        : null;
}
