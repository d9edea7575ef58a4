namespace VariationalSparseCoding.Metrics;

/// <summary>
/// A Gabor function a exp(-u^2/(2 su^2) - v^2/(2 sv^2)) cos(2 pi f u + phase), where u = (column - c0) cos theta + (row - r0) sin theta runs along the wave
/// and v = (row - r0) cos theta - (column - c0) sin theta along its stripes. Lengths are in pixels.
/// </summary>
/// <param name="Amplitude">a, at least 0.</param>
/// <param name="CentreRow">r0; the first row is 0.</param>
/// <param name="CentreColumn">c0; the first column is 0.</param>
/// <param name="Orientation">theta in [0, pi): direction of the wave, from the columns' axis towards growing rows.</param>
/// <param name="Frequency">f in cycles per pixel, at least 0.</param>
/// <param name="SpreadAlong">su, standard deviation of the envelope along the wave.</param>
/// <param name="SpreadAcross">sv, standard deviation of the envelope along the stripes.</param>
/// <param name="Phase">Phase at the centre in radians, in (-pi, pi].</param>
internal readonly record struct GaborFunction(
    double Amplitude, double CentreRow, double CentreColumn, double Orientation, double Frequency, double SpreadAlong, double SpreadAcross, double Phase)
{
    /// <summary>The function's value at a pixel.</summary>
    /// <param name="row">Row, from 0.</param>
    /// <param name="column">Column, from 0.</param>
    public double At(double row, double column)
    {
        var (sine, cosine) = Math.SinCos(Orientation);
        double u = (column - CentreColumn) * cosine + (row - CentreRow) * sine, v = (row - CentreRow) * cosine - (column - CentreColumn) * sine;
        double alongs = u / SpreadAlong, acrosses = v / SpreadAcross;
        return Amplitude * Math.Exp(-0.5 * (alongs * alongs + acrosses * acrosses)) * Math.Cos(2 * Math.PI * Frequency * u + Phase);
    }
}

/// <summary>The Gabor function nearest to an atom.</summary>
/// <param name="Function">The function; all zero for an atom of zeros.</param>
/// <param name="ResidualFraction">||a - g||^2/||a||^2 = 1 - R^2 (R^2 about zero), in [0, 1]; 1 for an atom of zeros.</param>
internal readonly record struct GaborFit(GaborFunction Function, double ResidualFraction);
