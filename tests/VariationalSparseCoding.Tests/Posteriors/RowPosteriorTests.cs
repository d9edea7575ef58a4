using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Numerics;
using VariationalSparseCoding.Posteriors;
using VariationalSparseCoding.Random;
using VariationalSparseCoding.Tests.Kernels;
using VariationalSparseCoding.Tests.Metrics;

namespace VariationalSparseCoding.Tests.Posteriors;

/// <summary>What every variational family promises the managed engine.</summary>
public class RowPosteriorTests
{
    private const int Features = 5, ManyDraws = 20_000;

    private static readonly NoiseKey Key = new(11, NoisePurpose.Evaluation, 2);

    public static TheoryData<string, Fidelity> Families
    {
        get
        {
            var data = new TheoryData<string, Fidelity>();
            foreach (string method in SmallModels.Variational)
                foreach (var fidelity in Enum.GetValues<Fidelity>()) data.Add(method, fidelity);
            return data;
        }
    }

    private static PosteriorOptions Options(string method, Fidelity fidelity) => MethodTable.Find(method)!.Defaults(fidelity).Posterior;

    /// <summary>Heads' outputs of a few inputs, not far from the prior.</summary>
    private static HeadMatrices Heads(PosteriorOptions options, int rows = 1, int features = Features)
    {
        var heads = RowPosterior.HeadsOf(options);
        return new(heads, [.. heads.Select(head =>
        {
            var matrix = new FloatMatrix(rows, features);
            RandomNumbers.Normal(20 + (int)head, rows * features).CopyTo(matrix.All);
            foreach (ref float value in matrix.All) value = 0.3f * value + head switch { Head.Scale => -1.5f, Head.Spike => -0.4f, Head.LogShape => 1, Head.LogRate => 2.3f, _ => 0.2f };
            return matrix;
        })]);
    }

    private static RowPosterior Create(PosteriorOptions options, int slots = 1, int lines = 1, int features = Features, AnnealedWeights? anneal = null)
    {
        var posterior = PosteriorTable.Create(options, features, slots, lines);
        posterior.Begin(Key, anneal ?? AnnealedWeights.Evaluation);
        return posterior;
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Draws_are_active_as_often_as_they_should_be_and_average_to_the_mean(string method, Fidelity fidelity)
    {
        var options = Options(method, fidelity);
        var heads = Heads(options);
        var posterior = Create(options);
        posterior.Prepare(0, 0, heads.Row(0));
        float[] code = new float[Features], on = new float[Features], mean = new float[Features], mode = new float[Features];
        posterior.OnProbability(heads.Row(0), on);
        posterior.Mean(heads.Row(0), mean);
        posterior.Mode(heads.Row(0), mode);
        double[][] drawn = [.. on.Select(_ => new double[ManyDraws])];
        for (int draw = 0; draw < ManyDraws; draw++)
        {
            posterior.Draw(0, draw, 0, heads.Row(0), code);
            for (int i = 0; i < Features; i++) drawn[i][draw] = code[i];
        }
        for (int i = 0; i < Features; i++)
        {
            Statistics.AssertFrequency(drawn[i].Count(value => value != 0), ManyDraws, on[i]);
            Assert.Equal(heads.Row(0).Shift[i] * on[i], mean[i]);
            Assert.Equal(on[i] > 0.5 ? heads.Row(0).Shift[i] : 0, mode[i]);
            // With the published logit, spikes are drawn from another probability than their KL's.
            Statistics.AssertMean(drawn[i], mean[i]);
            if (options.Threshold == ThresholdKind.Gamma || IsSquaredScale(options)) continue;
            double second = SecondMoment(options, heads, i, on[i]);
            Statistics.AssertMean(Array.ConvertAll(drawn[i], value => value * value), second);
        }
    }

    private static bool IsSquaredScale(PosteriorOptions options) =>
        options is { Estimator: GradientEstimator.Subgradient, SubgradientScale: SubgradientScale.SquaredScale, Family: LaplacianMethods };

    /// <summary>E z^2, by quadrature over the probability v that noise exceeds its magnitude.</summary>
    private static double SecondMoment(PosteriorOptions options, HeadMatrices heads, int feature, double on)
    {
        double mu = heads.Row(0).Shift[feature], head = heads.Row(0).Scale[feature];
        if (options.Family.HasSpikes) return on * (mu * mu + Math.Exp(head));
        double scale = Math.Exp(options.Family is GaussianMethods ? head / 2 : head), limit = options.Threshold == ThresholdKind.None ? 0 : options.ThresholdValue, sum = 0;
        const double step = 1e-5;
        for (double v = step / 2; v < 1; v += step)
        {
            double deviation = scale * options.Family switch
            {
                GaussianMethods => BaseMath.NormalMagnitude(v),
                LaplacianMethods => -Math.Log(v),
                _ => 1 / Math.Tan(Math.PI / 2 * Math.Max(v, CauchyVariate.TailFloor)),
            };
            if (deviation > limit) sum += step * (mu * mu + (deviation - limit) * (deviation - limit));
        }
        return sum;
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_draw_is_a_function_of_its_row_and_number(string method, Fidelity fidelity)
    {
        const int Rows = 4, Draws = 3, Wide = 37;
        var options = Options(method, fidelity);
        var heads = Heads(options, Rows, Wide);
        var together = Create(options, Rows, Rows * Draws, Wide);
        for (int row = 0; row < Rows; row++) together.Prepare(row, (uint)(100 + row), heads.Row(row));
        float[] expected = new float[Wide], actual = new float[Wide];
        foreach (int row in new[] { 2, 0, 3, 1 })
        {
            var alone = Create(options, features: Wide);
            alone.Prepare(0, (uint)(100 + row), heads.Row(row));
            for (int draw = Draws - 1; draw >= 0; draw--)
            {
                alone.Draw(0, draw, 0, heads.Row(row), expected);
                together.Draw(row, draw, row * Draws + draw, heads.Row(row), actual);
                Assert.Equal(expected, actual);
                if (!RowPosterior.HasSparseCodes(options)) continue;
                var sparse = new SparseCode(Wide);
                alone.SparseDraw(0, draw, heads.Row(row), sparse);
                LocationScaleKernelTests.AssertSame(expected, sparse);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Divergences_are_the_closed_forms_and_their_sum_is_the_pullbacks(string method, Fidelity fidelity)
    {
        var options = Options(method, fidelity);
        var heads = Heads(options);
        var posterior = Create(options);
        posterior.Prepare(0, 0, heads.Row(0));
        float[] divergences = new float[Features], code = new float[Features];
        posterior.Divergences(heads.Row(0), divergences);
        for (int i = 0; i < Features; i++)
        {
            double expected = Divergence(options, heads.Row(0), i);
            Assert.Equal(expected, divergences[i], 1e-5 * Math.Max(1, expected));
        }
        posterior.Draw(0, 0, 0, heads.Row(0), code);
        Assert.Equal(divergences.Sum(value => (double)value), posterior.Pullback(0, 0, heads.Row(0), new float[Features], 1, Heads(options).GradientRow(0)), 1e-4);
    }

    private static double Divergence(PosteriorOptions options, HeadRows heads, int i)
    {
        double mu = heads.Shift[i], h = heads.Scale[i];
        if (options.Family.HasSpikes)
        {
            double gamma = options.SpikeLogit == SpikeLogit.LogOdds ? 1 / (1 + Math.Exp(-heads.Spike[i])) : Math.Exp(Math.Min(0, heads.Spike[i]));
            return gamma * KullbackLeibler.Gaussian(mu, h, options.PriorSpread) + KullbackLeibler.Bernoulli(gamma, options.SpikePrior);
        }
        double value = options.Family switch
        {
            GaussianMethods => KullbackLeibler.Gaussian(mu, h, options.PriorSpread),
            LaplacianMethods => KullbackLeibler.Laplacian(mu, h, options.PriorSpread),
            _ => KullbackLeibler.Cauchy(mu, h, options.PriorSpread),
        };
        if (options.Threshold != ThresholdKind.Gamma) return value;
        double shape = options.GammaPriorShape;
        return value + options.GammaKlFactor * KullbackLeibler.Gamma(Math.Exp(heads.LogShape[i]), Math.Exp(heads.LogRate[i]), shape, shape / GammaPrior.Mean(options));
    }

    [Theory]
    [InlineData("laplacian", GradientEstimator.StraightThrough)]
    [InlineData("gaussian", GradientEstimator.StraightThrough)]
    [InlineData("thresholded-laplacian", GradientEstimator.StraightThrough)]
    [InlineData("thresholded-gaussian", GradientEstimator.StraightThrough)]
    [InlineData("thresholded-laplacian", GradientEstimator.Subgradient)]
    [InlineData("thresholded-gaussian", GradientEstimator.Subgradient)]
    [InlineData("thresholded-cauchy", GradientEstimator.StraightThrough)]
    [InlineData("thresholded-cauchy", GradientEstimator.Subgradient)]
    public void Pullback_is_the_estimators_derivative(string method, GradientEstimator estimator)
    {
        const int Draws = 4;
        const double klWeight = 0.3;
        const float step = 1 / 64f;
        var options = Options(method, Fidelity.Equations) with { Estimator = estimator, ShiftGradient = ShiftGradient.One, SubgradientScale = SubgradientScale.Scale };
        // Straight through: as if there were no threshold.
        var differentiated = estimator == GradientEstimator.StraightThrough ? options with { Threshold = ThresholdKind.None } : options;
        var anneal = new AnnealedWeights(0.7, 0.5);
        HeadMatrices heads = Heads(options), gradients = Heads(options);
        float[] byCode = RandomNumbers.Normal(40, Draws * Features), code = new float[Features];
        var posterior = Create(options, 1, Draws, anneal: anneal);
        posterior.Prepare(0, 7, heads.Row(0));
        for (int draw = 0; draw < Draws; draw++) posterior.Draw(0, draw, draw, heads.Row(0), code);
        posterior.Pullback(0, 0, heads.Row(0), byCode, (float)klWeight, gradients.GradientRow(0));

        for (int head = 0; head < 2; head++)
            for (int i = 0; i < Features; i++)
            {
                ref float value = ref heads.Matrices[head].All[i];
                float before = value;
                // The draws' part is so smooth that Richardson's extrapolation makes it exact; a feature that turns on or off between is skipped.
                bool[] active = Active();
                var values = new double[4];
                bool crossed = false;
                foreach (var (at, offset) in new[] { -2f, -1f, 1f, 2f }.Index())
                {
                    value = before + offset * step;
                    values[at] = Loss();
                    crossed |= !active.SequenceEqual(Active());
                }
                value = before;
                if (crossed && estimator == GradientEstimator.Subgradient) continue;
                double expected = (8 * (values[2] - values[1]) - (values[3] - values[0])) / (12 * step);
                Assert.Equal(expected, gradients.Matrices[head].All[i], 1e-3);
            }

        double Loss()
        {
            var moved = Create(differentiated, anneal: anneal);
            moved.Prepare(0, 7, heads.Row(0));
            double loss = 0;
            for (int draw = 0; draw < Draws; draw++)
            {
                moved.Draw(0, draw, 0, heads.Row(0), code);
                for (int i = 0; i < Features; i++) loss += (double)byCode[draw * Features + i] * code[i];
            }
            for (int i = 0; i < Features; i++) loss += klWeight * Divergence(options, heads.Row(0), i);
            return loss;
        }

        bool[] Active()
        {
            var moved = Create(options, anneal: anneal);
            moved.Prepare(0, 7, heads.Row(0));
            List<bool> active = [];
            for (int draw = 0; draw < Draws; draw++)
            {
                moved.Draw(0, draw, 0, heads.Row(0), code);
                active.AddRange(code.Select(number => number != 0));
            }
            return [.. active];
        }
    }

    [Fact]
    public void Pullback_of_a_spike_and_slab_is_that_of_its_relaxed_spike()
    {
        const int Draws = 3;
        const double step = 1e-5, w = 0.7, tau = 0.5, klWeight = 0.3;
        var options = Options("spike-and-slab", Fidelity.Equations);
        HeadMatrices heads = Heads(options), gradients = Heads(options);
        float[] byCode = RandomNumbers.Normal(40, Draws * Features), code = new float[Features];
        var posterior = Create(options, 1, Draws, anneal: new(w, tau));
        posterior.Prepare(0, 7, heads.Row(0));
        for (int draw = 0; draw < Draws; draw++) posterior.Draw(0, draw, draw, heads.Row(0), code);
        posterior.Pullback(0, 0, heads.Row(0), byCode, (float)klWeight, gradients.GradientRow(0));
        double[] normal = new double[Draws * Features], uniform = new double[Draws * Features];
        CounterNoise.FillNormal<double>(Key, NoiseStreams.Base, 7, 1, Draws, Features, normal);
        CounterNoise.FillUniform<double>(Key, NoiseStreams.Spike, 7, 1, Draws, Features, uniform);

        for (int i = 0; i < Features; i++)
        {
            double mu = heads.Row(0).Shift[i], h = heads.Row(0).Scale[i], s = heads.Row(0).Spike[i];
            AssertDerivative(gradients.Row(0).Shift[i], t => Loss(i, mu + t, h, s, relaxed: false));
            AssertDerivative(gradients.Row(0).Scale[i], t => Loss(i, mu, h + t, s, relaxed: false));
            AssertDerivative(gradients.Row(0).Spike[i], t => Loss(i, mu, h, s + t, relaxed: true));
        }

        void AssertDerivative(float found, Func<double, double> loss) => Assert.Equal((loss(step) - loss(-step)) / (2 * step), found, 1e-4);

        double Loss(int i, double mu, double h, double logit, bool relaxed)
        {
            double gamma = 1 / (1 + Math.Exp(-logit));
            double loss = klWeight * (gamma * KullbackLeibler.Gaussian(mu, h, options.PriorSpread) + KullbackLeibler.Bernoulli(gamma, options.SpikePrior));
            for (int k = i; k < normal.Length; k += Features)
            {
                double slab = w * mu + normal[k] * (w * Math.Exp(h / 2) + Math.Sqrt(1 - w)), soft = 1 / (1 + Math.Exp(-(Math.Log(uniform[k] / (1 - uniform[k])) + logit) / tau));
                loss += byCode[k] * slab * (relaxed ? soft : soft > 0.5 ? 1 : 0);
            }
            return loss;
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Heads_at_the_fixed_prior_have_no_divergence(string method, Fidelity fidelity)
    {
        var options = Options(method, fidelity);
        var heads = RowPosterior.HeadsOf(options);
        var matrices = new HeadMatrices(heads, [.. heads.Select(head =>
        {
            var matrix = new FloatMatrix(1, Features);
            matrix.All.Fill((float)RowPosterior.FixedPrior(options, head));
            return matrix;
        })]);
        float[] divergences = new float[Features];
        Create(options).Divergences(matrices.Row(0), divergences);
        Assert.All(divergences, divergence => Assert.Equal(0, divergence, 1e-5));
    }

    [Fact]
    public void A_family_without_a_row_is_named() => Assert.StartsWith("The family 'unknown' has no row in the table of posteriors.",
        Assert.Throws<ArgumentException>("options", () => PosteriorTable.Create(new() { Family = new UnknownMethods() }, Features, 1, 1)).Message, StringComparison.Ordinal);

    private sealed record UnknownMethods : MethodFamily
    {
        public override string Name => "unknown";
    }

    [Fact]
    public void Map_inference_has_no_posterior() =>
        Assert.Throws<ArgumentException>("options", () => PosteriorTable.Create(Options("fista", Fidelity.Equations), Features, 1, 1));
}
