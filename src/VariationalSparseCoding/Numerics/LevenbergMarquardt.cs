namespace VariationalSparseCoding.Numerics;

/// <summary>Small nonlinear least-squares problems.</summary>
internal static class LevenbergMarquardt
{
    /// <summary>Writes the residuals [n] and, row after row, their derivatives by the m parameters [n, m].</summary>
    public delegate void Model(ReadOnlySpan<double> parameters, Span<double> residuals, Span<double> jacobian);

    /// <summary>Forces parameters into their bounds.</summary>
    public delegate void Projection(Span<double> parameters);

    private const double StopReduction = 1e-10, GreatestDamping = 1e10;

    /// <summary>Lowers sum r^2 from a starting point by steps of Marquardt's scaled damping until a step gains less than 1e-10 of it.</summary>
    /// <param name="model">Residuals and derivatives.</param>
    /// <param name="project">Applied to every trial.</param>
    /// <param name="parameters">Start; receives the result, [m].</param>
    /// <param name="observations">n.</param>
    /// <param name="iterations">Greatest number of trials.</param>
    /// <returns>The sum of squared residuals at the result.</returns>
    public static double Minimise(Model model, Projection project, Span<double> parameters, int observations, int iterations)
    {
        int count = parameters.Length;
        double[] residuals = new double[observations], jacobian = new double[observations * count];
        double[] gradient = new double[count], normal = new double[count * count], damped = new double[count * count];
        double[] step = new double[count], trial = new double[count];
        model(parameters, residuals, jacobian);
        double value = SquaredNorm(residuals), damping = 1e-3;
        FormNormalEquations(residuals, jacobian, gradient, normal);
        for (int iteration = 0; iteration < iterations && damping < GreatestDamping; iteration++)
        {
            Damp(normal, damping, damped);
            SolvePositiveDefinite(damped, gradient, step);
            for (int i = 0; i < count; i++) trial[i] = parameters[i] - step[i];
            project(trial);
            model(trial, residuals, jacobian);
            double trialValue = SquaredNorm(residuals);
            if (!(trialValue < value))
            {
                damping *= 8;
                continue;
            }
            bool converged = value - trialValue <= StopReduction * value;
            trial.CopyTo(parameters);
            value = trialValue;
            if (converged) break;
            damping = Math.Max(damping / 4, 1e-12);
            FormNormalEquations(residuals, jacobian, gradient, normal);
        }
        return value;
    }

    private static void FormNormalEquations(double[] residuals, double[] jacobian, double[] gradient, double[] normal)
    {
        int count = gradient.Length;
        Array.Clear(gradient);
        Array.Clear(normal);
        for (int row = 0; row < residuals.Length; row++)
        {
            ReadOnlySpan<double> derivatives = jacobian.AsSpan(row * count, count);
            for (int i = 0; i < count; i++)
            {
                gradient[i] += derivatives[i] * residuals[row];
                for (int j = 0; j <= i; j++) normal[i * count + j] += derivatives[i] * derivatives[j];
            }
        }
    }

    /// <summary>The lower triangle of J^T J with its diagonal raised; directions without influence get a small diagonal of their own.</summary>
    private static void Damp(double[] normal, double damping, double[] damped)
    {
        int count = (int)Math.Sqrt(normal.Length);
        normal.CopyTo(damped);
        double greatest = 0;
        for (int i = 0; i < count; i++) greatest = Math.Max(greatest, normal[i * count + i]);
        for (int i = 0; i < count; i++) damped[i * count + i] += damping * normal[i * count + i] + 1e-12 * greatest + double.Epsilon;
    }

    /// <summary>Solves M x = b by Cholesky factors written over M's lower triangle.</summary>
    private static void SolvePositiveDefinite(double[] matrix, double[] right, double[] solution)
    {
        int count = right.Length;
        for (int i = 0; i < count; i++)
            for (int j = 0; j <= i; j++)
            {
                double sum = matrix[i * count + j];
                for (int k = 0; k < j; k++) sum -= matrix[i * count + k] * matrix[j * count + k];
                matrix[i * count + j] = i == j ? Math.Sqrt(Math.Max(sum, double.Epsilon)) : sum / matrix[j * count + j];
            }
        for (int i = 0; i < count; i++)
        {
            double sum = right[i];
            for (int k = 0; k < i; k++) sum -= matrix[i * count + k] * solution[k];
            solution[i] = sum / matrix[i * count + i];
        }
        for (int i = count - 1; i >= 0; i--)
        {
            double sum = solution[i];
            for (int k = i + 1; k < count; k++) sum -= matrix[k * count + i] * solution[k];
            solution[i] = sum / matrix[i * count + i];
        }
    }

    private static double SquaredNorm(double[] values)
    {
        double sum = 0;
        foreach (double value in values) sum += value * value;
        return sum;
    }
}
