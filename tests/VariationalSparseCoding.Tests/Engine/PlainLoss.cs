using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Objectives;
using VariationalSparseCoding.Posteriors;
using VariationalSparseCoding.Random;
using VariationalSparseCoding.Tests.MapInference;
using VariationalSparseCoding.Tests.Metrics;
using VariationalSparseCoding.Tests.Posteriors;

namespace VariationalSparseCoding.Tests.Engine;

/// <summary>The loss of a step without threshold and spike in float64, from the noise of the managed step.</summary>
internal sealed class PlainLoss
{
    private readonly Experiment experiment;
    private readonly AnnealedWeights anneal;
    private readonly Matrix dictionary, x;
    private readonly float[] samples;
    private readonly double[] noise;
    private readonly int batchSize, draws, atoms;

    public PlainLoss(Experiment experiment, float[] dictionary, float[] samples, NoiseKey key, AnnealedWeights anneal)
    {
        (this.experiment, this.anneal, this.samples) = (experiment, anneal, samples);
        (batchSize, draws, atoms) = (experiment.Schedule.BatchSize, experiment.Sampling.Draws, experiment.Generator.Atoms);
        this.dictionary = new(Array.ConvertAll(dictionary, value => (double)value), atoms);
        x = new(Array.ConvertAll(samples, value => (double)value), samples.Length / batchSize);
        noise = new double[batchSize * draws * atoms];
        switch (experiment.Posterior.Family)
        {
            case GaussianMethods:
                CounterNoise.FillNormal<double>(key, NoiseStreams.Base, 0, batchSize, draws, atoms, noise);
                break;
            case LaplacianMethods:
                CounterNoise.FillLaplace<double>(key, NoiseStreams.Base, 0, batchSize, draws, atoms, noise);
                break;
            default:
                CounterNoise.Fill<CauchyVariate, double>(key, NoiseStreams.Base, 0, batchSize, draws, atoms, noise, 1);
                break;
        }
    }

    /// <summary>The terms, as the step reports them.</summary>
    public StepTerms At(PlainNetwork network)
    {
        double[][][] heads = network.Outputs(samples);
        double error = 0, divergence = 0, spread = experiment.Posterior.PriorSpread;
        for (int row = 0; row < batchSize; row++)
        {
            error += Draws(heads, row).Sum(draw => draw.Weight * draw.Error);
            for (int i = 0; i < atoms; i++)
                divergence += Divergence(heads[1][row][i], heads[0][row][i], spread);
        }
        return new((error + experiment.Objective.KlWeight * anneal.KlShare * divergence) / batchSize, error / batchSize, divergence / batchSize, 1);
    }

    /// <summary>(1/B) sum w (x - A z) z^T, [D, d].</summary>
    public double[] Direction(PlainNetwork network)
    {
        double[][][] heads = network.Outputs(samples);
        var direction = Matrix.Zeros(dictionary.Rows, atoms);
        for (int row = 0; row < batchSize; row++)
            foreach (var draw in Draws(heads, row))
                for (int i = 0; i < direction.Rows; i++)
                    for (int j = 0; j < atoms; j++) direction[i, j] += draw.Weight * draw.Residual[i] * draw.Code[j] / batchSize;
        return direction.Values;
    }

    private List<(double Weight, double Error, double[] Residual, double[] Code)> Draws(double[][][] heads, int row)
    {
        List<(double Weight, double Error, double[] Residual, double[] Code)> all = [];
        for (int draw = 0; draw < draws; draw++)
        {
            int line = (row * draws + draw) * atoms;
            double[] code = [.. Enumerable.Range(0, atoms).Select(i => heads[1][row][i] + Scale(heads[0][row][i]) * noise[line + i])];
            double[] residual = [.. Enumerable.Range(0, dictionary.Rows).Select(i => x[row, i] - Enumerable.Range(0, atoms).Sum(j => dictionary[i, j] * code[j]))];
            all.Add((1, residual.Average(value => value * value), residual, code));
        }
        var selection = experiment.Sampling.Selection;
        if (selection == DrawSelection.Max) return [all.MinBy(draw => draw.Error)];
        double total = all.Sum(draw => Math.Exp(-draw.Error));
        return [.. all.Select(draw => draw with { Weight = selection == DrawSelection.Average ? 1.0 / draws : Math.Exp(-draw.Error) / total })];
    }

    private double Divergence(double shift, double head, double spread) => experiment.Posterior.Family switch
    {
        GaussianMethods => KullbackLeibler.Gaussian(shift, head, spread),
        LaplacianMethods => KullbackLeibler.Laplacian(shift, head, spread),
        _ => KullbackLeibler.Cauchy(shift, head, spread),
    };

    private double Scale(double head) => experiment.Posterior.Family is GaussianMethods ? Math.Exp(head / 2) : anneal.NoiseScale * Math.Exp(head);
}
