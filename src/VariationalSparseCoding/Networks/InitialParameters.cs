using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Posteriors;
using VariationalSparseCoding.Random;

namespace VariationalSparseCoding.Networks;

/// <summary>Initial parameters from counter-based random numbers, so that they depend on the seed alone.</summary>
internal static class InitialParameters
{
    /// <summary>Number of the first parameter of the inference network, as random numbers are counted; the dictionary's is 0.</summary>
    public const uint NetworkNumber = 1;

    /// <summary>The share of a head's initial weights that is kept where heads begin near the prior.</summary>
    public const double HeadWeightShare = 0.01;

    /// <summary>
    /// PyTorch's default of linear layers (docs/mathematics.md section 2): weights and biases uniform in (-1/sqrt(inputs), 1/sqrt(inputs)). Where the experiment asks for it, the heads'
    /// weights are then scaled down and their biases set, so that every input's posterior begins near the prior.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="posterior">The posterior.</param>
    /// <param name="seed">The run's seed.</param>
    public static void Network(DenseNetwork network, PosteriorOptions posterior, ulong seed)
    {
        uint number = NetworkNumber;
        foreach (var layer in network.Layers)
        {
            float bound = (float)(1 / Math.Sqrt(layer.Inputs));
            Uniform(layer.Weight, bound, seed, number++);
            Uniform(layer.Bias, bound, seed, number++);
        }
        if (posterior.InitialHeads != InitialHeads.Prior) return;
        for (int i = 0; i < network.Heads.Count; i++)
        {
            RowKernels.Scale(network.HeadLayers[i].Weight.All, (float)HeadWeightShare);
            network.HeadLayers[i].Bias.All.Fill((float)RowPosterior.FixedPrior(posterior, network.Heads[i]));
        }
    }

    /// <summary>A dictionary of normal atoms, each scaled to a norm (docs/mathematics.md section 2.4).</summary>
    /// <param name="dictionary">Receives the dictionary, [D, d].</param>
    /// <param name="norm">The norm of each atom.</param>
    /// <param name="seed">The run's seed.</param>
    public static void Dictionary(FloatMatrix dictionary, double norm, ulong seed)
    {
        CounterNoise.FillNormal(new(seed, NoisePurpose.Initialisation, 0), 0, 0, dictionary.Rows, 1, dictionary.Columns, dictionary.All);
        double[] squares = new double[dictionary.Columns];
        for (int row = 0; row < dictionary.Rows; row++)
            for (int atom = 0; atom < squares.Length; atom++) squares[atom] += (double)dictionary[row][atom] * dictionary[row][atom];
        for (int row = 0; row < dictionary.Rows; row++)
            for (int atom = 0; atom < squares.Length; atom++) dictionary[row][atom] = (float)(dictionary[row][atom] / Math.Sqrt(squares[atom]) * norm);
    }

    private static void Uniform(FloatMatrix parameter, float bound, ulong seed, uint number)
    {
        CounterNoise.FillUniform(new(seed, NoisePurpose.Initialisation, number), 0, 0, parameter.Rows, 1, parameter.Columns, parameter.All);
        foreach (ref float value in parameter.All) value = (value * 2 - 1) * bound;
    }
}
