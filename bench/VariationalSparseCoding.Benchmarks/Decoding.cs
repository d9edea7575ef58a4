namespace VariationalSparseCoding.Benchmarks;

/// <summary>The plain reference of a sample's score.</summary>
internal static class Decoding
{
    /// <summary>||x - A z||^2 with every atom, active or not.</summary>
    /// <param name="x">The input, [D].</param>
    /// <param name="atoms">A^T, [d, D].</param>
    /// <param name="codes">z, [d].</param>
    public static float SquaredError(float[] x, float[] atoms, float[] codes)
    {
        float sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            float residual = x[i];
            for (int atom = 0; atom < codes.Length; atom++) residual -= codes[atom] * atoms[atom * x.Length + i];
            sum += residual * residual;
        }
        return sum;
    }
}
