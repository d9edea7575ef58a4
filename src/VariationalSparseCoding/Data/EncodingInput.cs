using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Data;

/// <summary>Opens new data for a trained model: it is treated exactly as the training data was, with the statistics saved in the model.</summary>
public static class EncodingInput
{
    /// <summary>
    /// Opens data as samples for a model. Images (a folder, a file, a .mat file, or natural-images) are whitened with the saved scale and cut into
    /// patches on a grid, in the order image, row, column. The rows of a .npy matrix are taken before standardisation: for a model of image patches they are whitened patches.
    /// For a model of whole images, files and folders give one sample an image: the largest square in its middle, resized; for a model of CelebA's faces
    /// images of the size of its aligned ones are cropped as those are. Rows of a .npy matrix are then images with values
    /// in [0, 1], channel after channel, row by row, and IDX files (of the form of MNIST's) are read too.
    /// </summary>
    /// <param name="source">The data.</param>
    /// <param name="preprocessing">The model's preprocessing.</param>
    /// <param name="stride">Pixels from one patch to the next in both directions, at least 1; null: the patch size. Of no meaning for a matrix.</param>
    /// <returns>The samples, [N, D], which the caller disposes.</returns>
    /// <exception cref="InvalidInputException">The source cannot be read, or its samples are not of the model's kind or size.</exception>
    public static ISampleSet Open(string source, Preprocessing preprocessing, int? stride = null)
    {
        if (stride < 1) throw new InvalidInputException($"stride {stride}: patches cannot be closer than one pixel; use 1 or more");
        if (DataSets.IsMatrix(source)) return OpenMatrix(source, preprocessing);
        return preprocessing.ImageShape is { } shape ? OpenWholeImages(source, shape, preprocessing.AreAlignedFaces) : OpenImages(source, preprocessing, stride);
    }

    private static ImageSet OpenWholeImages(string source, ImageShape shape, bool areFaces)
    {
        if (Directory.Exists(source) || ImageFiles.IsImage(source)) return ImageFolders.Open(source, new(shape, areFaces ? CelebA.Faces : null));
        if (!IdxFile.IsIdx(source))
            throw InputFile.Malformed(source, $"the model takes whole images of {shape.Height} x {shape.Width} pixels", $"give a folder, an image (.png, .jpg, .jpeg, .webp), an IDX file, or a .npy matrix of {shape.Size} columns");
        var images = IdxFile.Read(source);
        if (shape.Channels != 1 || images.Dimensions is not [var count, var height, var width] || (height, width) != (shape.Height, shape.Width))
            throw InputFile.Malformed(source, $"it is of {images.Shape}, where the model takes images of {shape.Channels} x {shape.Height} x {shape.Width}", "give images of that shape");
        return new ImageSet(new MemoryImageBytes(images.Values, shape.Size), shape, [.. Enumerable.Range(0, count)]);
    }

    private static MatrixSet OpenMatrix(string source, Preprocessing preprocessing)
    {
        var matrix = NpyMatrix.Open(source);
        string? fault = matrix.Columns != preprocessing.Dimension ? $"its rows have {matrix.Columns} values where the model takes {preprocessing.Dimension}; give data of that many columns"
            : matrix.Rows > Array.MaxLength ? $"it has {matrix.Rows} rows; split it into files of at most {Array.MaxLength} rows"
            : null;
        if (fault is null) return new MatrixSet(matrix, null, preprocessing);
        matrix.Dispose();
        throw new InvalidInputException($"{source}: {fault}");
    }

    private static PatchSet OpenImages(string source, Preprocessing preprocessing, int? stride)
    {
        if (preprocessing.PatchSize is not { } patchSize)
            throw new InvalidInputException($"{source}: the model takes vectors of {preprocessing.Dimension} values, not images; give a .npy matrix of {preprocessing.Dimension} columns");
        var (images, areWhitened) = DataSets.ReadImages(source);
        if (!areWhitened)
        {
            if (preprocessing.WhiteningScale is not { } scale)
                throw new InvalidInputException($"{source}: the model was trained on images that came whitened, and its file does not tell how; give a .mat file of whitened images (IMAGES) or a .npy matrix of whitened patches");
            images = [.. images.Select(image => Whitening.Apply(image, scale))];
        }
        var grid = new PatchGrid(images, patchSize, stride ?? patchSize);
        if (grid.Count > Array.MaxLength) throw new InvalidInputException($"{source}: {grid.Count} patches are too many; give fewer images or a larger stride");
        long[] patches = new long[grid.Count];
        for (int i = 0; i < patches.Length; i++) patches[i] = i;
        return new PatchSet(grid, patches, preprocessing);
    }
}
