namespace VariationalSparseCoding.Images.Files;

/// <summary>An image file, and what tells whether it was changed.</summary>
/// <param name="Name">Its name within its folder or archive.</param>
/// <param name="Length">Its length in bytes; -1 for a link to nowhere.</param>
/// <param name="Stamp">When it was written, and in an archive its checksum.</param>
internal readonly record struct ImageEntry(string Name, long Length, long Stamp);
