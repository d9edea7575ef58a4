using VariationalSparseCoding.MapInference;

namespace VariationalSparseCoding.Tests.MapInference;

/// <summary>A matrix in float64 with the plain loops that the solvers are checked against.</summary>
/// <param name="values">Row after row.</param>
/// <param name="columns">Number of columns.</param>
internal sealed class Matrix(double[] values, int columns)
{
    public static Matrix Zeros(int rows, int columns) => new(new double[rows * columns], columns);

    public static Matrix Identity(int size) => Zeros(size, size).Map((_, row, column) => row == column ? 1 : 0);

    public double[] Values => values;

    public int Columns => columns;

    public int Rows => columns == 0 ? 0 : values.Length / columns;

    public float[] Floats => Array.ConvertAll(values, value => (float)value);

    public Matrix Transposed => Zeros(columns, Rows).Map((_, row, column) => this[column, row]);

    public double Largest => values.Max(Math.Abs);

    public double this[int row, int column]
    {
        get => values[row * columns + column];
        set => values[row * columns + column] = value;
    }

    public static Matrix operator *(Matrix left, Matrix right)
    {
        var product = Zeros(left.Rows, right.Columns);
        for (int i = 0; i < left.Rows; i++)
            for (int k = 0; k < left.Columns; k++)
                for (int j = 0; j < right.Columns; j++) product[i, j] += left[i, k] * right[k, j];
        return product;
    }

    public static Matrix operator -(Matrix left, Matrix right) => left.Map((value, row, column) => value - right[row, column]);

    public static Matrix operator +(Matrix left, Matrix right) => left.Map((value, row, column) => value + right[row, column]);

    public static Matrix operator *(double factor, Matrix matrix) => matrix.Map((value, _, _) => factor * value);

    public Matrix Map(Func<double, int, int, double> function) => new([.. values.Select((value, i) => function(value, i / columns, i % columns))], columns);

    public Matrix Slice(int first, int count) => new(values[(first * columns)..((first + count) * columns)], columns);

    public double[] Row(int row) => values[(row * columns)..((row + 1) * columns)];

    public double[] Column(int column) => [.. Enumerable.Range(0, Rows).Select(row => this[row, column])];

    public void SetColumn(int column, Func<int, double> value)
    {
        for (int row = 0; row < Rows; row++) this[row, column] = value(row);
    }

    /// <summary>The same numbers after a rounding to float32.</summary>
    public Matrix Rounded() => Map((value, _, _) => (float)value);

    /// <summary>The dictionary's problem in float64.</summary>
    public LassoProblem Problem() => new(values, columns);

    /// <summary>The dictionary's problem in float32.</summary>
    public LassoProblem SingleProblem() => new(Floats, columns);
}
