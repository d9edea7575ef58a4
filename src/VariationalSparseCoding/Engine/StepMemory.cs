using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Kernels;

namespace VariationalSparseCoding.Engine;

/// <summary>What the threads of a step share. Inputs are worked on in waves, whose draws are the lines of these matrices: an input's lines stand together.</summary>
internal sealed class StepMemory
{
    // Codes and residuals of about so many lines stay in the processor's caches.
    private const int WaveLines = 1024;

    /// <summary>Creates the memory.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="inputSize">D.</param>
    /// <param name="threads">Number of threads.</param>
    public StepMemory(Experiment experiment, int inputSize, int threads)
    {
        int batchSize = experiment.Schedule.BatchSize, draws = experiment.Sampling.Draws, atoms = experiment.Generator.Atoms;
        LinesPerInput = experiment.Sampling.Selection == DrawSelection.Max ? 1 : draws;
        // With one line for each input all are screened first and then differentiated, in one wave.
        WaveSize = LinesPerInput == 1 ? batchSize : Math.Clamp(Math.Max(WaveLines / LinesPerInput, threads), 1, batchSize);
        int lines = checked(WaveSize * LinesPerInput);
        (Codes, CodeGradients, Residuals) = (new(lines, atoms), new(lines, atoms), new(lines, inputSize));
        Direction = new(inputSize, atoms);
        Factors = new float[lines];
        (Chosen, Active) = (new int[batchSize], new int[batchSize]);
        (Errors, Divergences) = (new double[batchSize], new double[batchSize]);
    }

    /// <summary>The draws of an input that are differentiated: the best one, or all.</summary>
    public int LinesPerInput { get; }

    /// <summary>The inputs of a wave; the last wave may have fewer.</summary>
    public int WaveSize { get; }

    /// <summary>z of the wave's lines, [lines, d].</summary>
    public FloatMatrix Codes { get; }

    /// <summary>dL/dz of the wave's lines, [lines, d].</summary>
    public FloatMatrix CodeGradients { get; }

    /// <summary>w (x - A z) of the wave's lines, [lines, D].</summary>
    public FloatMatrix Residuals { get; }

    /// <summary>(1/B) sum of w (x - A z) z^T over the batch's lines, [D, d].</summary>
    public FloatMatrix Direction { get; }

    /// <summary>The factors by which weights that move with the losses change the gradients of lines.</summary>
    public float[] Factors { get; }

    /// <summary>The best draw of each input, [B].</summary>
    public int[] Chosen { get; }

    /// <summary>The number of active features of each input's lines, [B].</summary>
    public int[] Active { get; }

    /// <summary>The weighted squared error of each input, mean over its values, [B].</summary>
    public double[] Errors { get; }

    /// <summary>The KL of each input, [B].</summary>
    public double[] Divergences { get; }
}
