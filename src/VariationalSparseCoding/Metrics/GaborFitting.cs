using System.Numerics;
using VariationalSparseCoding.Numerics;

namespace VariationalSparseCoding.Metrics;

/// <summary>Least-squares fits of Gabor functions to square atoms (as in Jones and Palmer 1987): a compact description of what a dictionary has learned.</summary>
internal static class GaborFitting
{
    private const int Cosine = 0, Sine = 1, Column = 2, Row = 3, Angle = 4, Frequency = 5, LogAlong = 6, LogAcross = 7, ParameterCount = 8;
    private const int ScreeningTrials = 15, Trials = 100;
    private const double LeastSpread = 0.3, GreatestFrequency = 0.75;

    /// <summary>Fits every atom. Deterministic: starts come from the two highest peaks of the atom's spectrum and the moments of its energy.</summary>
    /// <remarks>Bounds keep the description meaningful: the centre lies in the image, spreads in [0.3, side] pixels, the frequency at most 0.75 cycles per pixel.</remarks>
    /// <param name="dictionary">A, [D, d], D = side * side, pixels row-major.</param>
    /// <param name="atoms">d.</param>
    /// <param name="side">Rows and columns of an atom's image.</param>
    /// <returns>[d].</returns>
    /// <exception cref="ArgumentException">D is not side * side.</exception>
    public static GaborFit[] Fit<T>(ReadOnlySpan<T> dictionary, int atoms, int side) where T : INumberBase<T>
    {
        RowMajor.RequireLength(dictionary, (long)side * side * atoms, nameof(dictionary));
        double[] images = RowMajor.Transposed(dictionary, atoms);
        var fits = new GaborFit[atoms];
        Parallel.For(0, atoms, atom => fits[atom] = FitOne(images.AsSpan(atom * side * side, side * side).ToArray(), side));
        return fits;
    }

    private static GaborFit FitOne(double[] image, int side)
    {
        double norm = Math.Sqrt(image.Sum(value => value * value));
        if (norm == 0) return new GaborFit(default, 1);
        for (int i = 0; i < image.Length; i++) image[i] /= norm;
        // The start that leads furthest in a few trials is followed to the end.
        double[] best = Starts(image, side).MinBy(start => Refine(start, ScreeningTrials))!;
        double residual = Refine(best, Trials);
        return new GaborFit(ToFunction(best, norm), residual);

        double Refine(double[] parameters, int trials) => LevenbergMarquardt.Minimise(
            (trial, residuals, jacobian) => Evaluate(trial, image, side, residuals, jacobian), trial => Project(trial, side), parameters, image.Length, trials);
    }

    private static GaborFunction ToFunction(double[] parameters, double norm)
    {
        double turns = Math.Floor(parameters[Angle] / Math.PI);
        // Half a turn of the axis reverses the wave's direction, and with it the sign of the phase.
        double phase = Math.Atan2(turns % 2 == 0 ? -parameters[Sine] : parameters[Sine], parameters[Cosine]);
        return new GaborFunction(
            norm * double.Hypot(parameters[Cosine], parameters[Sine]), parameters[Row], parameters[Column], parameters[Angle] - turns * Math.PI,
            parameters[Frequency], Math.Exp(parameters[LogAlong]), Math.Exp(parameters[LogAcross]), phase);
    }

    /// <summary>Forces the parameters into their bounds. Without them a noisy atom is often met best by the tail of a function far outside the image.</summary>
    private static void Project(Span<double> parameters, int side)
    {
        parameters[Column] = Math.Clamp(parameters[Column], -0.5, side - 0.5);
        parameters[Row] = Math.Clamp(parameters[Row], -0.5, side - 0.5);
        parameters[LogAlong] = Math.Clamp(parameters[LogAlong], Math.Log(LeastSpread), Math.Log(side));
        parameters[LogAcross] = Math.Clamp(parameters[LogAcross], Math.Log(LeastSpread), Math.Log(side));
        if (parameters[Frequency] < 0) (parameters[Frequency], parameters[Sine]) = (-parameters[Frequency], -parameters[Sine]);
        parameters[Frequency] = Math.Min(parameters[Frequency], GreatestFrequency);
    }

    /// <summary>Residuals of envelope * (c cos t + s sin t), t = 2 pi f u, and their derivatives.</summary>
    private static void Evaluate(ReadOnlySpan<double> parameters, double[] image, int side, Span<double> residuals, Span<double> jacobian)
    {
        var (sineOfAngle, cosineOfAngle) = Math.SinCos(parameters[Angle]);
        double inverseAlong = Math.Exp(-2 * parameters[LogAlong]), inverseAcross = Math.Exp(-2 * parameters[LogAcross]);
        double waveNumber = 2 * Math.PI * parameters[Frequency];
        for (int pixel = 0; pixel < image.Length; pixel++)
        {
            double x = pixel % side - parameters[Column], y = pixel / side - parameters[Row];
            double u = x * cosineOfAngle + y * sineOfAngle, v = y * cosineOfAngle - x * sineOfAngle;
            double envelope = Math.Exp(-0.5 * (u * u * inverseAlong + v * v * inverseAcross));
            var (sine, cosine) = Math.SinCos(waveNumber * u);
            double value = envelope * (parameters[Cosine] * cosine + parameters[Sine] * sine);
            double slope = envelope * (parameters[Sine] * cosine - parameters[Cosine] * sine);
            double byU = slope * waveNumber - value * u * inverseAlong, byV = -value * v * inverseAcross;
            residuals[pixel] = value - image[pixel];
            var derivatives = jacobian.Slice(pixel * ParameterCount, ParameterCount);
            derivatives[Cosine] = envelope * cosine;
            derivatives[Sine] = envelope * sine;
            derivatives[Column] = byV * sineOfAngle - byU * cosineOfAngle;
            derivatives[Row] = -byU * sineOfAngle - byV * cosineOfAngle;
            derivatives[Angle] = byU * v - byV * u;
            derivatives[Frequency] = slope * 2 * Math.PI * u;
            derivatives[LogAlong] = value * u * u * inverseAlong;
            derivatives[LogAcross] = value * v * v * inverseAcross;
        }
    }

    private static IEnumerable<double[]> Starts(double[] image, int side)
    {
        double column = 0, row = 0;
        for (int pixel = 0; pixel < image.Length; pixel++)
        {
            column += image[pixel] * image[pixel] * (pixel % side);
            row += image[pixel] * image[pixel] * (pixel / side);
        }
        foreach (var (byColumn, byRow) in SpectralPeaks(image, side))
        {
            double angle = Math.Atan2(byRow, byColumn), frequency = double.Hypot(byColumn, byRow);
            var (along, across) = EnergySpreads(image, side, column, row, angle);
            foreach (var (spreadAlong, spreadAcross) in new[] { (along, across), (side / 8.0, side / 8.0), (side / 4.0, side / 4.0) })
            {
                double[] start = [0, 0, column, row, angle, frequency, Math.Log(spreadAlong), Math.Log(spreadAcross)];
                Project(start, side);
                ProjectAmplitudes(start, image, side);
                yield return start;
            }
        }
    }

    /// <summary>Standard deviations of an envelope whose square has the image's second moments along and across an axis.</summary>
    private static (double Along, double Across) EnergySpreads(double[] image, int side, double column, double row, double angle)
    {
        var (sine, cosine) = Math.SinCos(angle);
        double along = 0, across = 0;
        for (int pixel = 0; pixel < image.Length; pixel++)
        {
            double x = pixel % side - column, y = pixel / side - row, energy = image[pixel] * image[pixel];
            double u = x * cosine + y * sine, v = y * cosine - x * sine;
            along += energy * u * u;
            across += energy * v * v;
        }
        return (Math.Sqrt(2 * along), Math.Sqrt(2 * across));
    }

    private static void ProjectAmplitudes(double[] start, double[] image, int side)
    {
        double[] residuals = new double[image.Length], jacobian = new double[image.Length * ParameterCount];
        Evaluate(start, image, side, residuals, jacobian);
        foreach (int amplitude in (ReadOnlySpan<int>)[Cosine, Sine])
        {
            double product = 0, energy = double.Epsilon;
            for (int pixel = 0; pixel < image.Length; pixel++)
            {
                double wave = jacobian[pixel * ParameterCount + amplitude];
                product += wave * image[pixel];
                energy += wave * wave;
            }
            start[amplitude] = product / energy;
        }
    }

    /// <summary>The frequencies (cycles per pixel along columns and rows) of the greatest power on a grid of half the spectrum's spacing, and of the greatest away from it.</summary>
    private static (double ByColumn, double ByRow)[] SpectralPeaks(double[] image, int side)
    {
        int grid = 2 * side;
        Complex[] waves = [.. Enumerable.Range(0, grid).Select(k => Complex.FromPolarCoordinates(1, -2 * Math.PI * k / grid))];
        var powers = new List<(double ByColumn, double ByRow, double Power)>();
        var rowSpectra = new Complex[side];
        for (int byColumn = -side; byColumn < side; byColumn++)
        {
            for (int row = 0; row < side; row++)
            {
                rowSpectra[row] = Complex.Zero;
                for (int column = 0; column < side; column++) rowSpectra[row] += image[row * side + column] * waves[(byColumn + side) * column % grid] * (column % 2 == 0 ? 1 : -1);
            }
            for (int byRow = 0; byRow <= side; byRow++)
            {
                Complex amplitude = Complex.Zero;
                for (int row = 0; row < side; row++) amplitude += rowSpectra[row] * waves[byRow * row % grid];
                powers.Add(((double)byColumn / grid, (double)byRow / grid, amplitude.Real * amplitude.Real + amplitude.Imaginary * amplitude.Imaginary));
            }
        }
        var (firstColumn, firstRow, _) = powers.MaxBy(peak => peak.Power);
        var (secondColumn, secondRow, _) = powers.Where(peak => Math.Min(
            double.Hypot(peak.ByColumn - firstColumn, peak.ByRow - firstRow), double.Hypot(peak.ByColumn + firstColumn, peak.ByRow + firstRow)) > 2.0 / side).MaxBy(peak => peak.Power);
        return [(firstColumn, firstRow), (secondColumn, secondRow)];
    }
}
