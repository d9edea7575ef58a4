namespace VariationalSparseCoding.Reporting;

/// <summary>
/// The figures of a report as PNG files in memory, at two pixels per point. They carry their own font, need none of the machine's,
/// and accept values that are not numbers, which they draw in a colour of their own.
/// </summary>
internal static class Figures
{
    /// <summary>
    /// All atoms, sorted by descending Euclidean norm. Patches form a near-square grid with thin separators, each scaled to its own largest magnitude,
    /// zero at mid grey. Vectors form one heat map of the matrix on a common scale.
    /// </summary>
    /// <param name="dictionary">A, [D, d].</param>
    /// <param name="shape">How to draw an atom of D values.</param>
    /// <param name="style">Colours; patches look the same in every style.</param>
    /// <returns>A PNG file.</returns>
    /// <exception cref="ArgumentException">The shape is not one of D values.</exception>
    public static byte[] DictionaryGrid(SampleMatrix dictionary, SampleShape shape, FigureStyle style)
    {
        CheckDimension(dictionary.Rows, shape, nameof(dictionary));
        return DictionaryFigure.Draw(dictionary, shape, style);
    }

    /// <summary>How often each feature is active, sorted, with the mean as a line.</summary>
    /// <param name="activeFractions">Fraction of the samples on which each feature is active, in [0, 1], [d].</param>
    /// <param name="style">Colours.</param>
    /// <param name="feature">What a feature is called.</param>
    /// <returns>A PNG file.</returns>
    public static byte[] ActiveFractions(IReadOnlyList<float> activeFractions, FigureStyle style, string feature = "atom") =>
        ActiveFractionFigure.Draw(activeFractions, feature, style);

    /// <summary>Samples above their reconstructions and residuals, the three on the scale of the sample, with 1/2||x-Az||^2 below.</summary>
    /// <param name="reconstructions">The samples and reconstructions, [n, D] each.</param>
    /// <param name="shape">How to draw a sample of D values.</param>
    /// <param name="style">Colours.</param>
    /// <returns>A PNG file.</returns>
    /// <exception cref="ArgumentException">The shapes disagree.</exception>
    public static byte[] Reconstructions(ReconstructionSet reconstructions, SampleShape shape, FigureStyle style)
    {
        CheckDimension(reconstructions.Originals.Columns, shape, nameof(reconstructions));
        CheckDimension(reconstructions.Reconstructions.Columns, shape, nameof(reconstructions));
        if (reconstructions.Reconstructions.Rows != reconstructions.Originals.Rows || reconstructions.Errors.Count != reconstructions.Originals.Rows)
        {
            throw new ArgumentException("Originals, reconstructions and errors must be equally many.", nameof(reconstructions));
        }
        return SampleStrips.Reconstructions(reconstructions, shape, style);
    }

    /// <summary>A row per atom: the atom, then the samples that activate it most with the signed coefficient below, each on its own scale.</summary>
    /// <param name="atoms">The atoms with their samples.</param>
    /// <param name="dictionary">A, [D, d].</param>
    /// <param name="shape">How to draw a sample of D values.</param>
    /// <param name="style">Colours.</param>
    /// <returns>A PNG file.</returns>
    /// <exception cref="ArgumentException">The shapes disagree, or an atom's index is outside [0, d).</exception>
    public static byte[] TopPatches(IReadOnlyList<AtomExamples> atoms, SampleMatrix dictionary, SampleShape shape, FigureStyle style)
    {
        CheckDimension(dictionary.Rows, shape, nameof(dictionary));
        foreach (AtomExamples atom in atoms)
        {
            CheckDimension(atom.Samples.Columns, shape, nameof(atoms));
            if (atom.Activations.Count != atom.Samples.Rows || atom.Atom < 0 || atom.Atom >= dictionary.Columns)
            {
                throw new ArgumentException($"Atom {atom.Atom} must lie in [0, {dictionary.Columns}) and have one activation per sample.", nameof(atoms));
            }
        }
        return SampleStrips.TopSamples(atoms, dictionary, shape, style);
    }

    private static void CheckDimension(int dimension, SampleShape shape, string parameter)
    {
        if (dimension != shape.Dimension)
        {
            throw new ArgumentException($"Samples of {dimension} values cannot have a shape of {shape.Dimension}.", parameter);
        }
    }
}
