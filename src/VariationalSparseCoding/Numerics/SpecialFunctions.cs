namespace VariationalSparseCoding.Numerics;

/// <summary>Special functions of one real argument in double precision; relative accuracy about 1e-14 unless said otherwise.</summary>
internal static class SpecialFunctions
{
    private const double LogSqrtTwoPi = 0.91893853320467274178, EulerGamma = 0.57721566490153286061;
    private const double TwoOverSqrtPi = 1.12837916709551257390, SqrtTwo = 1.41421356237309504880;
    private const double SmallestStirling = 10;

    /// <summary>Chebyshev coefficients in t = (x - 3.75)/(x + 3.75) of (1 + 2x) exp(x^2) erfc(x), x >= 0: the variables of Shepherd and Laframboise, Math. Comp. 36 (1981).</summary>
    private static readonly double[] ScaledErfcSeries =
    [
        1.1775789345674017, -0.0045900545806464776, -0.084249133366517917, 0.059209939998191893, -0.026658668435305753, 0.0090749976707052652,
        -0.0024131635404176081, 0.00049077583652580863, -6.916973302501207e-05, 4.1390279860730102e-06, 7.7403830661984903e-07,
        -2.1886401049234397e-07, 1.076499946567091e-08, 4.5219598112182866e-09, -7.7544002088313509e-10, -6.3180883408866841e-11,
        2.8687950109306699e-11, 1.9455868545777347e-13, -9.6546967484334393e-13, 3.2525481481487401e-14, 3.3478119482868056e-14,
        -1.864562880419313e-15, -1.2507950530688648e-15, 7.4182352566240441e-17, 5.068148904796111e-17,
    ];

    /// <summary>zeta(k) - 1 for k = 2, 3, ...</summary>
    private static readonly double[] ZetaMinusOne =
    [
        0.64493406684822641, 0.20205690315959429, 0.082323233711138186, 0.036927755143369927, 0.01734306198444914, 0.0083492773819228271,
        0.0040773561979443396, 0.0020083928260822143, 0.00099457512781808526, 0.00049418860411946453, 0.00024608655330804832,
        0.00012271334757848915, 6.1248135058704828e-05, 3.0588236307020493e-05, 1.5282259408651871e-05, 7.6371976378997626e-06,
        3.8172932649998402e-06, 1.908212716553939e-06, 9.5396203387279621e-07, 4.7693298678780645e-07, 2.38450502727733e-07,
        1.1921992596531106e-07, 5.960818905125948e-08, 2.9803503514652279e-08, 1.4901554828365043e-08, 7.4507117898354301e-09,
    ];

    /// <summary>B_2k / (2k (2k - 1)) for k = 1, 2, ...: Stirling's series.</summary>
    private static readonly double[] StirlingSeries =
        [1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680, 1.0 / 1188, -691.0 / 360360, 1.0 / 156, -3617.0 / 122400];

    /// <summary>B_2k / 2k for k = 1, 2, ...: the asymptotic series of digamma.</summary>
    private static readonly double[] DigammaSeries =
        [1.0 / 12, -1.0 / 120, 1.0 / 252, -1.0 / 240, 1.0 / 132, -691.0 / 32760, 1.0 / 12, -3617.0 / 8160];

    /// <summary>log(1 + x) without loss for small x (Kahan's quotient); the base library's LogP1 rounds 1 + x first.</summary>
    public static double LogP1(double x)
    {
        double rounded = 1 + x;
        return rounded == 1 || double.IsPositiveInfinity(rounded) ? x : Math.Log(rounded) * (x / (rounded - 1));
    }

    /// <summary>exp(x) - 1 without loss for small x (Kahan's quotient); the base library's ExpM1 rounds exp(x) first.</summary>
    public static double ExpM1(double x)
    {
        double power = Math.Exp(x);
        if (power == 1) return x;
        return power is 0 or double.PositiveInfinity ? power - 1 : (power - 1) * (x / Math.Log(power));
    }

    /// <summary>exp(x^2) erfc(x), x >= 0.</summary>
    public static double ScaledErfc(double x)
    {
        if (double.IsPositiveInfinity(x)) return 0;
        double t = (x - 3.75) / (x + 3.75), next = 0, afterNext = 0;
        for (int k = ScaledErfcSeries.Length - 1; k > 0; k--) (next, afterNext) = (2 * t * next - afterNext + ScaledErfcSeries[k], next);
        return (t * next - afterNext + ScaledErfcSeries[0]) / (1 + 2 * x);
    }

    /// <summary>The complementary error function 1 - erf(x).</summary>
    public static double Erfc(double x) =>
        Math.Abs(x) < 0.5 ? 1 - Erf(x) : x < 0 ? 2 - Erfc(-x) : Math.Exp(-x * x) * ScaledErfc(x);

    /// <summary>The error function 2/sqrt(pi) times the integral of exp(-t^2) from 0 to x.</summary>
    public static double Erf(double x)
    {
        if (double.IsNaN(x)) return x;
        if (Math.Abs(x) >= 0.5) return Math.CopySign(1 - Math.Exp(-x * x) * ScaledErfc(Math.Abs(x)), x);
        double term = x, sum = x;
        for (int n = 1; Math.Abs(term) > 1e-17 * Math.Abs(sum); n++)
        {
            term *= -x * x / n;
            sum += term / (2 * n + 1);
        }
        return TwoOverSqrtPi * sum;
    }

    /// <summary>log erf(x), x >= 0, keeping its digits where erf(x) is tiny and where it is almost 1.</summary>
    public static double LogErf(double x) => x < 0.5 ? Math.Log(Erf(x)) : LogP1(-Erfc(x));

    /// <summary>The quantile of the standard normal distribution, by Halley's steps from formula 26.2.23 of Abramowitz and Stegun.</summary>
    /// <param name="probability">In [0, 1]; 0 and 1 give the infinities.</param>
    public static double NormalQuantile(double probability)
    {
        if (probability is not (>= 0 and <= 1)) return double.NaN;
        if (probability > 0.5) return -NormalQuantile(1 - probability);
        if (probability == 0) return double.NegativeInfinity;
        double t = Math.Sqrt(-2 * Math.Log(probability));
        double x = (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) - t;
        for (int step = 0; step < 2; step++)
        {
            // Near the centre the error function tells small differences from one half; in the tail only the relative error matters.
            double error = probability > 0.25 ? 0.5 * Erf(x / SqrtTwo) - (probability - 0.5) : 0.5 * Erfc(-x / SqrtTwo) - probability;
            double newton = error * Math.Exp(0.5 * x * x + LogSqrtTwoPi);
            x -= newton / (1 + 0.5 * x * newton);
        }
        return x;
    }

    /// <summary>log Gamma(x), x > 0; relative accuracy also about its zeros at 1 and 2.</summary>
    public static double LogGamma(double x)
    {
        if (!(x > 0)) return double.NaN;
        if (x < 0.5) return LogGamma(x + 1) - Math.Log(x);
        if (x < 1.5) return LogGammaAboutTwo(x - 1) - LogP1(x - 1);
        if (x < SmallestStirling)
        {
            double product = 1;
            while (x > 2.5) product *= --x;
            return LogGammaAboutTwo(x - 2) + Math.Log(product);
        }
        double series = 0, inverseSquare = 1 / (x * x);
        for (int k = StirlingSeries.Length - 1; k >= 0; k--) series = series * inverseSquare + StirlingSeries[k];
        return (x - 0.5) * Math.Log(x) - x + LogSqrtTwoPi + series / x;
    }

    /// <summary>The derivative of log Gamma(x), x > 0; absolute accuracy about 1e-15 near its zero at 1.46.</summary>
    public static double Digamma(double x)
    {
        if (!(x > 0)) return double.NaN;
        double shift = 0;
        for (; x < SmallestStirling; x++) shift -= 1 / x;
        double series = 0, inverseSquare = 1 / (x * x);
        for (int k = DigammaSeries.Length - 1; k >= 0; k--) series = (series + DigammaSeries[k]) * inverseSquare;
        return shift + Math.Log(x) - 0.5 / x - series;
    }

    /// <summary>The derivative of digamma, x > 0.</summary>
    public static double Trigamma(double x)
    {
        if (!(x > 0)) return double.NaN;
        double shift = 0;
        for (; x < SmallestStirling; x++) shift += 1 / (x * x);
        // The derivative of digamma's series, whose k-th term B_2k/2k x^-2k becomes B_2k x^-(2k + 1).
        double series = 0, inverseSquare = 1 / (x * x);
        for (int k = DigammaSeries.Length - 1; k >= 0; k--) series = (series + 2 * (k + 1) * DigammaSeries[k]) * inverseSquare;
        return shift + 1 / x + inverseSquare / 2 + series / x;
    }

    /// <summary>log Gamma(2 + e) = (1 - gamma) e + sum_k (-e)^k (zeta(k) - 1)/k, |e| at most 1/2.</summary>
    private static double LogGammaAboutTwo(double e)
    {
        double sum = 0;
        for (int k = ZetaMinusOne.Length + 1; k >= 2; k--) sum = ZetaMinusOne[k - 2] / k - e * sum;
        return e * (1 - EulerGamma + e * sum);
    }
}
