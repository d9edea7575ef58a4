namespace VariationalSparseCoding.Onnx.Collecting;

/// <summary>How rows lie in a tensor: [B, D], a row for each sample; [B, T, D], T positions each; or [B, D, H, W], H W positions each, row by row.</summary>
internal sealed class RowLayout
{
    private readonly string tensor;
    private readonly Pooling pooling;
    private readonly int rank;

    private RowLayout(string tensor, int rank, int dimension, Pooling pooling) => (this.tensor, this.rank, Dimension, this.pooling) = (tensor, rank, dimension, pooling);

    /// <summary>Values of a row, D.</summary>
    public int Dimension { get; }

    /// <summary>Whether rows are positions of samples; else each is a whole sample.</summary>
    public bool HasPositions => rank > 2 && pooling == Pooling.None;

    /// <summary>Returns the layout of a tensor.</summary>
    /// <param name="tensor">The tensor's name.</param>
    /// <param name="shape">Its shape for some batch.</param>
    /// <param name="batch">That batch.</param>
    /// <param name="pooling">What becomes of positions.</param>
    /// <exception cref="InvalidInputException">It is not of the forms above.</exception>
    public static RowLayout Of(string tensor, ReadOnlySpan<long> shape, InputBatch batch, Pooling pooling)
    {
        bool isTokens = batch.Length is not null;
        if (shape.Length is not (2 or 3 or 4) || isTokens && shape.Length == 4)
            throw Unfit($"has the shape {Shape(shape)}, where {(isTokens ? "[texts, tokens, D] or [texts, D]" : "[samples, D], [samples, positions, D] or [samples, D, rows, columns]")} is taken");
        if (shape.Length == 2 && pooling != Pooling.None) throw new InvalidInputException($"the tensor '{tensor}' of shape {Shape(shape)} has one row for each sample already; leave out the pooling.");
        var layout = new RowLayout(tensor, shape.Length, checked((int)(shape.Length == 4 ? shape[1] : shape[^1])), pooling);
        layout.Require(shape, batch);
        return layout;

        InvalidInputException Unfit(string cause) => new($"the tensor '{tensor}' {cause}; name another.");
    }

    /// <summary>Makes sure that the tensor of a batch has this layout.</summary>
    /// <param name="shape">The tensor's shape.</param>
    /// <param name="batch">The batch.</param>
    /// <exception cref="InvalidInputException">It has not: its first axis does not count samples, or its second does not count tokens.</exception>
    public void Require(ReadOnlySpan<long> shape, InputBatch batch)
    {
        bool fits = shape.Length == rank && shape[0] == batch.Places.Count && Dimension > 0 && (rank == 4 ? shape[1] : shape[^1]) == Dimension && (rank != 3 || batch.Length is not { } length || shape[1] == length);
        if (!fits)
            throw new InvalidInputException($"the tensor '{tensor}' has the shape {Shape(shape)} for {batch.Places.Count} samples{(batch.Length is { } tokens ? $" of {tokens} tokens" : "")}: its first axis must count samples{(batch.Length is null ? "" : " and its second tokens")}; name another.");
    }

    /// <summary>Returns which positions of a sample become rows: of whole samples, one that stands for all.</summary>
    /// <param name="kept">The sample's positions; null if all that the tensor has.</param>
    /// <param name="all">How many positions the tensor has of each sample, where that does not depend on the sample.</param>
    public Positions Rows(Positions? kept, int all)
    {
        var positions = kept ?? new(0, all);
        // A text of which nothing is left has no mean and no first token.
        return HasPositions || positions.Count == 0 ? positions : positions with { Count = 1 };
    }

    /// <summary>Returns how many positions a tensor of some shape has of each sample.</summary>
    /// <param name="shape">The shape.</param>
    public static int PositionsOf(ReadOnlySpan<long> shape) => checked((int)(shape.Length switch { 4 => shape[2] * shape[3], 3 => shape[1], _ => 1 }));

    /// <summary>Returns the rows of a sample.</summary>
    /// <param name="values">The tensor's values.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="sample">Which sample of the batch.</param>
    /// <param name="kept">Which positions are kept; null for all.</param>
    /// <returns>[n, D].</returns>
    public float[] Extract(ReadOnlySpan<float> values, ReadOnlySpan<long> shape, int sample, Positions? kept)
    {
        int all = PositionsOf(shape);
        var own = values.Slice(sample * all * Dimension, all * Dimension);
        var rows = Rows(kept, all);
        float[] extracted = new float[rows.Count * Dimension];
        if (rows.Count == 0) return extracted;
        if (rank == 2 || pooling != Pooling.Mean)
        {
            int first = rank == 2 ? 0 : rows.First;
            for (int row = 0; row < rows.Count; row++) CopyPosition(own, all, first + row, extracted.AsSpan(row * Dimension, Dimension));
            return extracted;
        }
        var positions = kept ?? new(0, all);
        float[] one = new float[Dimension];
        double[] sum = new double[Dimension];
        for (int position = 0; position < positions.Count; position++)
        {
            CopyPosition(own, all, positions.First + position, one);
            for (int i = 0; i < sum.Length; i++) sum[i] += one[i];
        }
        for (int i = 0; i < sum.Length; i++) extracted[i] = (float)(sum[i] / positions.Count);
        return extracted;
    }

    private void CopyPosition(ReadOnlySpan<float> sample, int positions, int position, Span<float> destination)
    {
        if (rank < 4) sample.Slice(position * Dimension, Dimension).CopyTo(destination);
        else
            for (int channel = 0; channel < destination.Length; channel++) destination[channel] = sample[channel * positions + position];
    }

    private static string Shape(ReadOnlySpan<long> shape) => $"[{string.Join(", ", shape.ToArray())}]";
}
