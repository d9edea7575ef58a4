namespace VariationalSparseCoding.Images.Files;

/// <summary>The image files of a folder or of a zip archive.</summary>
internal abstract class ImageCollection
{
    /// <summary>The folder or archive.</summary>
    public abstract string Location { get; }

    /// <summary>The images, in ordinal order of their names.</summary>
    public abstract IReadOnlyList<ImageEntry> Entries { get; }

    /// <summary>How messages name an image.</summary>
    /// <param name="entry">The image.</param>
    public abstract string NameOf(ImageEntry entry);

    /// <summary>Opens the collection for one thread, which disposes it.</summary>
    public abstract ImageReader OpenReader();
}
