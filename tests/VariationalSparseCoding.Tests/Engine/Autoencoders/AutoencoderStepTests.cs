using VariationalSparseCoding.Data;
using VariationalSparseCoding.Engine;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Tests.Kernels;

namespace VariationalSparseCoding.Tests.Engine;

public class AutoencoderStepTests
{
    private const int Batch = 24, D = 19, Atoms = 45, Active = 4;

    public static TheoryData<string> Methods => [.. MethodTable.Autoencoders.Select(method => method.Name)];

    private static Experiment Describe(string method, int threads = 1)
    {
        var defaults = MethodTable.Find(method)!.Defaults();
        return defaults with
        {
            Generator = defaults.Generator with { Atoms = Atoms },
            Sparsity = new() { Active = Active },
            Schedule = defaults.Schedule with { BatchSize = Batch },
            Compute = new() { Threads = threads },
            Seed = 5,
        };
    }

    private static AutoencoderModel Model(Experiment experiment)
    {
        var model = new AutoencoderModel(experiment, Preprocessing.OfVectors(D));
        model.Initialise();
        return model;
    }

    private static float[] Samples(int step) => Array.ConvertAll(RandomNumbers.Normal(step, Batch * D), value => value + 0.5f);

    [Theory]
    [MemberData(nameof(Methods))]
    public void Threads_do_not_change_a_bit(string method)
    {
        float[][] alone = Numbers(method, 1);
        Assert.All(alone, numbers => Assert.All(numbers, number => Assert.True(float.IsFinite(number))));
        foreach (int threads in new[] { 2, 3, 7 }) Assert.Equal(alone, Numbers(method, threads));
    }

    private static float[][] Numbers(string method, int threads)
    {
        var experiment = Describe(method, threads);
        using var model = Model(experiment);
        using var step = new AutoencoderStep(experiment, model.Parameters, isCentred: false);
        // With a silence as long as that many features count as dead, so that the auxiliary loss takes part.
        for (int feature = 0; feature < 20; feature++) step.Silence.All[feature] = 1e6f;
        List<float[]> numbers = [];
        for (int number = 0; number < 6; number++) numbers.Add([.. step.Apply(Samples(number), number, 1e-2, 1).Values.Select(value => (float)value)]);
        numbers.Add(model.Dictionary());
        numbers.AddRange(model.Parameters.All.Select(parameter => parameter.Value.All.ToArray()));
        numbers.AddRange(step.State.Select(part => part.Value.All.ToArray()));
        return [.. numbers];
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Codes_are_sparse_and_a_few_steps_lower_the_loss(string method)
    {
        var experiment = Describe(method);
        using var model = Model(experiment);
        using var step = new AutoencoderStep(experiment, model.Parameters, isCentred: false);
        float[] x = Samples(0);
        double first = step.Apply(x, 0, 1e-2, 1).SquaredError;
        AutoencoderTerms terms = default;
        for (int number = 1; number < 60; number++) terms = step.Apply(x, number, 1e-2, 1);
        Assert.InRange(terms.SquaredError, 0, 0.8 * first);
        Assert.InRange(terms.Active, 1, 2.5 * Active);
        if (method is "topk" or "batch-topk" or "matryoshka") Assert.InRange(terms.Active, 0, Active);
        // Atoms keep their norm.
        for (int atom = 0; atom < Atoms; atom++) Assert.Equal(1, RowKernels.SumOfSquares(model.Parameters.Atoms[atom]), 1e-5);
    }

    /// <summary>After the first step, Adam's mean of gradients is a tenth of the gradient.</summary>
    [Theory]
    [InlineData("topk")]
    [InlineData("batch-topk")]
    [InlineData("matryoshka")]
    [InlineData("jumprelu")]
    [InlineData("relu")]
    [InlineData("gated")]
    public void Gradients_are_those_of_finite_differences_of_the_loss(string method)
    {
        var experiment = Describe(method);
        experiment = experiment with { Sparsity = experiment.Sparsity with { AuxiliaryWeight = 0 } };
        using var model = Model(experiment);
        float[] x = Samples(1);
        using (var begun = new AutoencoderStep(experiment, model.Parameters, isCentred: false)) begun.Apply(x, 0, 1e-2, 1);
        // A new optimiser, whose means are 0, and a step that is not the first, which would set what begins with the data.
        using var step = new AutoencoderStep(experiment, model.Parameters, isCentred: false);
        const float Price = 0.3f;
        if (step.State.FirstOrDefault(part => part.Name == "gate.price").Value is { } price) price.All[0] = Price;
        // Beginnings are symmetric in some parameters.
        for (int feature = 0; feature < Atoms && model.Parameters.MagnitudeScale is { } scale; feature++) scale.All[feature] = 0.02f * (feature % 7 - 3);
        var reference = new ReferenceAutoencoder(model.Parameters, Active, Batch, Price);
        var gradients = reference.Gradients(x);
        step.Apply(x, 1, 0, 1);
        var means = step.State.ToDictionary(part => part.Name, part => part.Value.All.ToArray());
        foreach (var (name, gradient) in gradients)
        {
            double largest = gradient.Max(Math.Abs);
            Assert.True(largest > 1e-4, name);
            double[] found = [.. means["momentum." + name].Select(mean => mean / 0.1)];
            for (int i = 0; i < gradient.Length; i++) Assert.True(Math.Abs(gradient[i] - found[i]) <= 2e-4 * largest, $"{name}[{i}]: {found[i]}, not {gradient[i]}");
        }
    }
}
