using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Networks;
using VariationalSparseCoding.Posteriors;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Training;

/// <summary>The learned thresholds of <see cref="FusedLocationScale{TVariate, TDivergence}"/>, with the numbers of <see cref="GammaThreshold"/>.</summary>
internal sealed class FusedGammaThreshold : IDisposable
{
    private readonly GammaThresholdPrior prior;
    private readonly HeadTensors heads;
    private readonly Tensor shapeBuffer, rateBuffer;
    private readonly TensorRows shape, rate, logShapeGradient, logRateGradient;
    private readonly float[] thresholds;
    private GammaVariate.RowDrawer drawer;
    private int drawerRow;

    /// <summary>Creates the buffers.</summary>
    /// <param name="options">The posterior.</param>
    /// <param name="heads">The heads' outputs, [inputs, d] each.</param>
    /// <param name="gradients">Where dL/d(head) is written, [inputs, d] each.</param>
    /// <param name="lines">The most lines drawn at a time.</param>
    public FusedGammaThreshold(PosteriorOptions options, HeadTensors heads, HeadTensors gradients, int lines)
    {
        this.heads = heads;
        prior = new(options.GammaPriorShape, options.GammaPriorShape / GammaPrior.Mean(options), options.GammaKlFactor);
        shapeBuffer = zeros_like(heads.LogShape!).DetachFromDisposeScope();
        rateBuffer = zeros_like(heads.LogRate!).DetachFromDisposeScope();
        (shape, rate) = (shapeBuffer.Rows(), rateBuffer.Rows());
        (logShapeGradient, logRateGradient) = (gradients.LogShape!.Rows(), gradients.LogRate!.Rows());
        thresholds = new float[lines * shape.Length];
        drawer = new(default, shape.Length);
    }

    /// <summary>Begins a step: called when the heads' outputs are there.</summary>
    /// <param name="key">The noise's key.</param>
    public void Prepare(NoiseKey key)
    {
        // The tensor library's own exponentials, so that both paths have the same thresholds.
        shapeBuffer.copy_(heads.LogShape!).exp_().clamp_(GammaThresholdKernel.Smallest, GammaThresholdKernel.Largest);
        rateBuffer.copy_(heads.LogRate!).exp_().clamp_(GammaThresholdKernel.Smallest, GammaThresholdKernel.Largest);
        (drawer, drawerRow) = (new(key, shape.Length), -1);
    }

    /// <summary>Draws the thresholds of a sample into a line.</summary>
    /// <param name="row">The input.</param>
    /// <param name="noiseRow">The noise's row of the input.</param>
    /// <param name="sample">The sample.</param>
    /// <param name="line">The line that takes them.</param>
    public void Draw(int row, int noiseRow, int sample, int line)
    {
        if (row != drawerRow) drawer.Shapes<float>(shape[drawerRow = row]);
        var drawn = thresholds.AsSpan(line * shape.Length, shape.Length);
        drawer.Draw((uint)noiseRow, sample, drawn);
        RowKernels.Divide(drawn, rate[row]);
    }

    /// <summary>The thresholds of neighbouring lines.</summary>
    /// <param name="firstLine">The first line.</param>
    /// <param name="lines">How many.</param>
    public ReadOnlySpan<float> Of(int firstLine, int lines) => thresholds.AsSpan(firstLine * shape.Length, lines * shape.Length);

    /// <summary>Writes the gradients of an input's two heads.</summary>
    /// <param name="row">The input.</param>
    /// <param name="firstLine">The first of its lines.</param>
    /// <param name="scale">What multiplies the noise, [d].</param>
    /// <param name="noise">Standard noise of its lines, [J, d].</param>
    /// <param name="codeGradients">dL/dz of its lines, [J, d].</param>
    /// <param name="klWeight">dL/dKL.</param>
    /// <returns>The input's weighted KL.</returns>
    public float Pullback(int row, int firstLine, ReadOnlySpan<float> scale, ReadOnlySpan<float> noise, ReadOnlySpan<float> codeGradients, float klWeight) =>
        GammaThresholdKernel.Pullback(shape[row], rate[row], prior, scale, Of(firstLine, noise.Length / shape.Length), noise, codeGradients, klWeight, logShapeGradient[row], logRateGradient[row]);

    public void Dispose()
    {
        shapeBuffer.Dispose();
        rateBuffer.Dispose();
    }
}
