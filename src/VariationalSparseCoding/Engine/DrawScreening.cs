using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Posteriors;

namespace VariationalSparseCoding.Engine;

/// <summary>Scores the draws of inputs by ||x - A z||^2: on their active features where codes are sparse, else by products. It holds the buffers of one thread.</summary>
internal sealed class DrawScreening
{
    // Lines of a product: enough to hide the copying of the dictionary, few enough for the caches.
    private const int DenseLines = 512;

    private readonly int draws;
    private readonly SparseCode? sparse;
    private readonly FloatMatrix? codes, residuals;
    private readonly float[] errors;

    /// <summary>Creates the buffers.</summary>
    /// <param name="posterior">The posterior.</param>
    /// <param name="features">d.</param>
    /// <param name="inputSize">D.</param>
    /// <param name="draws">J.</param>
    /// <param name="inputs">The most inputs that are screened at a time.</param>
    public DrawScreening(PosteriorOptions posterior, int features, int inputSize, int draws, int inputs)
    {
        this.draws = draws;
        errors = new float[inputs * draws];
        if (RowPosterior.HasSparseCodes(posterior)) sparse = new(features);
        else
        {
            int lines = Math.Min(errors.Length, DenseLines);
            (codes, residuals) = (new(lines, features), new(lines, inputSize));
        }
    }

    /// <summary>How many lines of the posterior the screening overwrites.</summary>
    public int Lines => codes?.Rows ?? 1;

    /// <summary>The squared errors of the draws of inputs, [inputs, J].</summary>
    /// <param name="posterior">The posterior; its slots from 0 on hold the inputs.</param>
    /// <param name="x">The inputs, a row of D values each.</param>
    /// <param name="heads">The heads' outputs for them.</param>
    /// <param name="firstInput">The row of the first input in <paramref name="x"/> and <paramref name="heads"/>.</param>
    /// <param name="inputs">How many inputs there are.</param>
    /// <param name="atoms">The transposed dictionary, [d, D].</param>
    public ReadOnlySpan<float> SquaredErrors(RowPosterior posterior, MatrixOperand x, HeadMatrices heads, int firstInput, int inputs, FloatMatrix atoms)
    {
        var errors = this.errors.AsSpan(0, inputs * draws);
        if (sparse is not null)
        {
            for (int i = 0; i < errors.Length; i++)
            {
                (int input, int draw) = Math.DivRem(i, draws);
                posterior.SparseDraw(input, draw, heads.Row(firstInput + input), sparse);
                errors[i] = sparse.SquaredError(x.Row(firstInput + input, atoms.Columns), atoms.All);
            }
            return errors;
        }
        var (codes, residuals) = (this.codes!, this.residuals!);
        for (int done = 0; done < errors.Length; done += codes.Rows)
        {
            int lines = Math.Min(codes.Rows, errors.Length - done);
            for (int line = 0; line < lines; line++)
            {
                (int input, int draw) = Math.DivRem(done + line, draws);
                posterior.Draw(input, draw, line, heads.Row(firstInput + input), codes[line]);
                x.Row(firstInput + input, atoms.Columns).CopyTo(residuals[line]);
            }
            MatrixProduct.Multiply(codes.Operand, atoms.Operand, residuals.Operand, lines, atoms.Columns, atoms.Rows, residuals.Operand, factor: -1);
            for (int line = 0; line < lines; line++) errors[done + line] = RowKernels.SumOfSquares(residuals[line]);
        }
        return errors;
    }

    /// <summary>Finds the draw of least squared error of each input; the first of several.</summary>
    /// <param name="posterior">The posterior; its slots from 0 on hold the inputs.</param>
    /// <param name="x">The inputs, a row of D values each.</param>
    /// <param name="heads">The heads' outputs for them.</param>
    /// <param name="firstInput">The row of the first input in <paramref name="x"/> and <paramref name="heads"/>.</param>
    /// <param name="atoms">The transposed dictionary, [d, D].</param>
    /// <param name="chosen">Receives them, [inputs].</param>
    public void Choose(RowPosterior posterior, MatrixOperand x, HeadMatrices heads, int firstInput, FloatMatrix atoms, Span<int> chosen)
    {
        var errors = SquaredErrors(posterior, x, heads, firstInput, chosen.Length, atoms);
        for (int input = 0; input < chosen.Length; input++) chosen[input] = IndexOfLeast(errors.Slice(input * draws, draws));
    }

    private static int IndexOfLeast(ReadOnlySpan<float> numbers)
    {
        int least = 0;
        for (int i = 1; i < numbers.Length; i++)
            if (numbers[i] < numbers[least]) least = i;
        return least;
    }
}
