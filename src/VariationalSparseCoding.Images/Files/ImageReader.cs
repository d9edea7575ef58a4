using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Images.Files;

/// <summary>Reads the files of an <see cref="ImageCollection"/>. For one thread at a time.</summary>
internal abstract class ImageReader : IDisposable
{
    /// <summary>The content of a file.</summary>
    /// <param name="entry">The file.</param>
    /// <param name="name">How messages name it.</param>
    /// <exception cref="InvalidInputException">It cannot be read.</exception>
    public byte[] Read(ImageEntry entry, string name)
    {
        try
        {
            return ReadBytes(entry);
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException or NotSupportedException or UnauthorizedAccessException or KeyNotFoundException)
        {
            throw InputFile.Malformed(name, $"the image cannot be read ({failure.Message})", "copy it again", failure);
        }
    }

    /// <summary>The content of a file.</summary>
    /// <param name="entry">The file.</param>
    protected abstract byte[] ReadBytes(ImageEntry entry);

    /// <summary>Closes what is open.</summary>
    public virtual void Dispose() => GC.SuppressFinalize(this);
}
