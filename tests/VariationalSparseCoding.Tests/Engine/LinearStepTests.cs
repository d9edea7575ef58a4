using VariationalSparseCoding.Engine;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Posteriors;
using VariationalSparseCoding.Random;

namespace VariationalSparseCoding.Tests.Engine;

public class LinearStepTests
{
    private const int Batch = 9;

    private static readonly NoiseKey Key = new(5, NoisePurpose.Training, 3);
    private static readonly AnnealedWeights Anneal = new(0.8, 0.6);

    public static TheoryData<string, DrawSelection, int> Steps
    {
        get
        {
            var data = new TheoryData<string, DrawSelection, int>();
            foreach (string method in SmallModels.Variational)
                foreach (var selection in Enum.GetValues<DrawSelection>())
                    foreach (int draws in new[] { 1, 2, 20 }) data.Add(method, selection, draws);
            data.Add("thresholded-laplacian", DrawSelection.Average, 200);
            data.Add("spike-and-slab", DrawSelection.Iwae, 200);
            return data;
        }
    }

    private static Experiment Describe(string method, DrawSelection selection, int draws, int threads = 1)
    {
        var experiment = SmallModels.Describe(method, Batch, draws);
        return experiment with
        {
            Sampling = experiment.Sampling with { Selection = selection, ImportanceWeights = ImportanceWeights.SoftmaxOfLoss },
            Objective = experiment.Objective with { KlWeight = 0.1 },
            Compute = new() { Threads = threads },
        };
    }

    /// <summary>Two steps, and every number that comes of them.</summary>
    private static float[][] Numbers(Experiment experiment)
    {
        using var model = SmallModels.Model(experiment);
        using var step = new LinearStep(experiment, model.Parameters, EncoderPass.Create);
        List<float[]> numbers = [];
        for (int number = 0; number < 2; number++)
        {
            var terms = step.Differentiate(SmallModels.Samples(Batch, stream: number), Key with { Step = (uint)number }, Anneal);
            numbers.AddRange(step.Gradients.Select(gradient => gradient.All.ToArray()));
            numbers.Add(step.DictionaryDirection.All.ToArray());
            numbers.Add([.. terms.Values.Select(value => (float)value)]);
            step.Update(0.05, 0.2);
        }
        numbers.AddRange(step.Momentum.Select(momentum => momentum.All.ToArray()));
        numbers.Add(model.Dictionary());
        return [.. numbers];
    }

    [Trait("Category", "Slow")]
    [Theory]
    [MemberData(nameof(Steps))]
    public void Threads_do_not_change_a_bit(string method, DrawSelection selection, int draws)
    {
        float[][] alone = Numbers(Describe(method, selection, draws));
        Assert.All(alone, numbers => Assert.All(numbers, number => Assert.True(float.IsFinite(number))));
        foreach (int threads in new[] { 2, 3, 9 }) Assert.Equal(alone, Numbers(Describe(method, selection, draws, threads)));
    }

    [Trait("Category", "Slow")]
    [Theory]
    [InlineData("laplacian", DrawSelection.Max, 1)]
    [InlineData("laplacian", DrawSelection.Max, 6)]
    [InlineData("laplacian", DrawSelection.Average, 3)]
    [InlineData("laplacian", DrawSelection.Iwae, 3)]
    [InlineData("gaussian", DrawSelection.Max, 6)]
    [InlineData("gaussian", DrawSelection.Iwae, 2)]
    [InlineData("thresholded-cauchy", DrawSelection.Max, 6)]
    [InlineData("thresholded-cauchy", DrawSelection.Average, 2)]
    public void Gradients_of_smooth_losses_are_those_of_finite_differences(string method, DrawSelection selection, int draws)
    {
        var experiment = Describe(method, selection, draws);
        // A family without a smooth method is taken without its threshold.
        experiment = experiment with { Posterior = experiment.Posterior with { Threshold = ThresholdKind.None } };
        using var model = SmallModels.Model(experiment);
        foreach (ref float value in model.Parameters.Dictionary.All) value *= 10;
        using var step = new LinearStep(experiment, model.Parameters, EncoderPass.Create);
        float[] x = SmallModels.Samples(Batch);
        var terms = step.Differentiate(x, Key, Anneal);

        var plain = new PlainNetwork(model.Parameters.Network!);
        var loss = new PlainLoss(experiment, model.Dictionary(), x, Key, Anneal);
        var expected = loss.At(plain);
        Assert.Equal(expected.Loss, terms.Loss, 1e-5 * expected.Loss);
        Assert.Equal(expected.SquaredError, terms.SquaredError, 1e-5 * expected.SquaredError);
        Assert.Equal(expected.Divergence, terms.Divergence, 1e-5 * expected.Divergence);
        Assert.Equal(1, terms.ActiveFraction);
        for (int parameter = 0; parameter < step.Gradients.Count; parameter++)
            plain.AssertGradient(parameter, step.Gradients[parameter].All.ToArray(), () => loss.At(plain).Loss);
        double[] direction = loss.Direction(plain);
        float[] found = step.DictionaryDirection.All.ToArray();
        for (int i = 0; i < direction.Length; i++) Assert.Equal(direction[i], found[i], 1e-5 * direction.Max(Math.Abs));
    }

    [Theory]
    [InlineData("thresholded-laplacian"), InlineData("laplacian"), InlineData("spike-and-slab"), InlineData("thresholded-gaussian-gamma")]
    public void Of_draws_that_are_equally_good_the_first_is_taken(string method)
    {
        // With a dictionary of zeros every draw reconstructs as well.
        Assert.Equal(First(1), First(20));

        float[][] First(int draws)
        {
            var experiment = Describe(method, DrawSelection.Max, draws);
            using var model = SmallModels.Model(experiment);
            model.Parameters.Dictionary.All.Clear();
            using var step = new LinearStep(experiment, model.Parameters, EncoderPass.Create);
            step.Differentiate(SmallModels.Samples(Batch), Key, Anneal);
            return [.. step.Gradients.Append(step.DictionaryDirection).Select(matrix => matrix.All.ToArray())];
        }
    }

    [Theory]
    [InlineData("thresholded-laplacian", DrawSelection.Max, 20)]
    [InlineData("laplacian", DrawSelection.Max, 20)]
    [InlineData("spike-and-slab", DrawSelection.Average, 5)]
    [InlineData("thresholded-gaussian-gamma", DrawSelection.Iwae, 200)]
    public void A_step_allocates_almost_nothing(string method, DrawSelection selection, int draws)
    {
        const int Times = 10;
        var experiment = Describe(method, selection, draws);
        using var model = SmallModels.Model(experiment);
        using var step = new LinearStep(experiment, model.Parameters, EncoderPass.Create);
        float[] x = SmallModels.Samples(Batch);
        Work();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int time = 0; time < Times; time++) Work();
        // What is left are the delegates of the threads' work and the tables of the thresholds' sampler, for each wave: less than a single matrix of codes.
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / Times, 0, 8192);

        void Work()
        {
            step.Differentiate(x, Key, Anneal);
            step.Update(0.01, 0.1);
        }
    }

    [Fact]
    public void A_batch_of_another_size_is_refused()
    {
        var experiment = Describe("laplacian", DrawSelection.Max, 2);
        using var model = SmallModels.Model(experiment);
        using var step = new LinearStep(experiment, model.Parameters, EncoderPass.Create);
        Assert.Throws<ArgumentException>("x", () => step.Differentiate(SmallModels.Samples(Batch - 1), Key, Anneal));
        Assert.Throws<ArgumentException>("parameters", () => new LinearStep(experiment, model.Parameters with { Network = null }, EncoderPass.Create));
    }

    [Fact]
    public void A_constructor_that_fails_ends_its_threads_and_frees_its_pass()
    {
        using var model = SmallModels.Model(Describe("laplacian", DrawSelection.Max, 2));
        List<ThreadTeam> teams = [];
        var sound = Describe("laplacian", DrawSelection.Max, 2, threads: 5);
        Assert.Throws<InvalidOperationException>(() => new LinearStep(sound, model.Parameters, (_, _, team) =>
        {
            teams.Add(team);
            throw new InvalidOperationException();
        }));
        // So many draws that their number overflows.
        var absurd = Describe("laplacian", DrawSelection.Average, int.MaxValue / 2, threads: 5);
        var pass = new Pass();
        Assert.Throws<OverflowException>(() => new LinearStep(absurd, model.Parameters, (_, _, team) =>
        {
            teams.Add(team);
            return pass;
        }));
        Assert.Equal(1, pass.Disposals);
        // A team that was ended takes no work.
        Assert.All(teams, team => Assert.Throws<ObjectDisposedException>(() => team.Run(_ => { })));
    }

    private sealed class Pass : IEncoderPass
    {
        public int Disposals { get; private set; }

        public HeadMatrices Outputs { get; } = new([], []);

        public HeadMatrices OutputGradients => Outputs;

        public IReadOnlyList<FloatMatrix> Gradients => [];

        public void Forward(ReadOnlySpan<float> x)
        {
        }

        public void Backward()
        {
        }

        public void Dispose() => Disposals++;
    }
}
