using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Posteriors;

namespace VariationalSparseCoding.Engine;

/// <summary>Scores the draws of one input after the other by ||x - A z||^2: on their active features where codes are sparse, else by a product. It holds the buffers of one thread.</summary>
internal sealed class DrawScreening
{
    // Lines of a product: enough to hide the copying of the dictionary, few enough for the caches.
    private const int DenseLines = 64;

    private readonly int draws;
    private readonly SparseCode? sparse;
    private readonly FloatMatrix? codes, residuals;
    private readonly float[] errors;

    /// <summary>Creates the buffers.</summary>
    /// <param name="posterior">The posterior.</param>
    /// <param name="features">d.</param>
    /// <param name="inputSize">D.</param>
    /// <param name="draws">J.</param>
    public DrawScreening(PosteriorOptions posterior, int features, int inputSize, int draws)
    {
        this.draws = draws;
        errors = new float[draws];
        if (RowPosterior.HasSparseCodes(posterior)) sparse = new(features);
        else (codes, residuals) = (new(Math.Min(draws, DenseLines), features), new(Math.Min(draws, DenseLines), inputSize));
    }

    /// <summary>How many lines of the posterior the screening overwrites.</summary>
    public int Lines => codes?.Rows ?? 1;

    /// <summary>The squared errors of an input's draws, [J].</summary>
    /// <param name="posterior">The posterior, where the input is prepared.</param>
    /// <param name="slot">The input.</param>
    /// <param name="x">The input, [D].</param>
    /// <param name="heads">The heads' outputs for it.</param>
    /// <param name="atoms">The transposed dictionary, [d, D].</param>
    public ReadOnlySpan<float> SquaredErrors(RowPosterior posterior, int slot, ReadOnlySpan<float> x, in HeadRows heads, FloatMatrix atoms)
    {
        if (sparse is not null)
        {
            for (int draw = 0; draw < draws; draw++)
            {
                posterior.SparseDraw(slot, draw, heads, sparse);
                errors[draw] = sparse.SquaredError(x, atoms.All);
            }
            return errors;
        }
        var (codes, residuals) = (this.codes!, this.residuals!);
        for (int done = 0; done < draws; done += codes.Rows)
        {
            int lines = Math.Min(codes.Rows, draws - done);
            for (int line = 0; line < lines; line++)
            {
                posterior.Draw(slot, done + line, line, heads, codes[line]);
                x.CopyTo(residuals[line]);
            }
            MatrixProduct.Multiply(codes.Operand, atoms.Operand, residuals.Operand, lines, x.Length, atoms.Rows, residuals.Operand, factor: -1);
            for (int line = 0; line < lines; line++) errors[done + line] = RowKernels.SumOfSquares(residuals[line]);
        }
        return errors;
    }

    /// <summary>The draw of least squared error; the first of several.</summary>
    /// <inheritdoc cref="SquaredErrors"/>
    public int Best(RowPosterior posterior, int slot, ReadOnlySpan<float> x, in HeadRows heads, FloatMatrix atoms) => IndexOfLeast(SquaredErrors(posterior, slot, x, heads, atoms));

    private static int IndexOfLeast(ReadOnlySpan<float> numbers)
    {
        int least = 0;
        for (int i = 1; i < numbers.Length; i++)
            if (numbers[i] < numbers[least]) least = i;
        return least;
    }
}
