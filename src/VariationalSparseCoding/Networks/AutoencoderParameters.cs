using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Kernels;

namespace VariationalSparseCoding.Networks;

/// <summary>
/// What an autoencoder learns (docs/mathematics.md section 13): from the values h = E (x - c) + b of a sample's features its gate makes the code z, which stands for A z + c.
/// Everything of a feature is one row, so that whatever is active is read and written as a whole.
/// </summary>
internal sealed class AutoencoderParameters
{
    private const string Prefix = "encoder.";

    /// <summary>Creates the parameters, all 0.</summary>
    /// <param name="gate">The gate, which has parameters of its own.</param>
    /// <param name="dimension">D.</param>
    /// <param name="features">d.</param>
    /// <param name="threshold">What sets the threshold, of a gate with a posterior.</param>
    public AutoencoderParameters(GateKind gate, int dimension, int features, ThresholdKind threshold = ThresholdKind.None)
    {
        (Gate, Atoms, Bias, Offset) = (gate, new(features, dimension), new(1, features), new(1, dimension));
        PursuitStop = gate == GateKind.MatchingPursuit ? new(1, 3) : null;
        Encoder = PursuitStop is null ? new(features, dimension) : Atoms;
        Threshold = threshold != ThresholdKind.Sample && gate is GateKind.BatchTopK or GateKind.Matryoshka or GateKind.JumpRelu or GateKind.Gaussian or GateKind.Laplacian ? new(1, features) : null;
        if (gate == GateKind.Gated) (MagnitudeBias, MagnitudeScale) = (new(1, features), new(1, features));
    }

    /// <summary>The gate.</summary>
    public GateKind Gate { get; }

    /// <summary>The atoms as rows, A^T, [d, D]; of norm 1 where they are learned.</summary>
    public FloatMatrix Atoms { get; }

    /// <summary>E, [d, D]; of matching pursuit the atoms themselves.</summary>
    public FloatMatrix Encoder { get; }

    /// <summary>b, [1, d].</summary>
    public FloatMatrix Bias { get; }

    /// <summary>c, [1, D]: what the code 0 stands for.</summary>
    public FloatMatrix Offset { get; }

    /// <summary>What a feature's value must exceed, [1, d]: learned (jumprelu), or the running mean of the batches' least active value, the same for all (batch-topk, matryoshka). Null for the other gates.</summary>
    public FloatMatrix? Threshold { get; }

    /// <summary>The bias of a feature's strength, [1, d]; of gated only.</summary>
    public FloatMatrix? MagnitudeBias { get; }

    /// <summary>The logarithm of the factor between a feature's values in both paths, [1, d]; of gated only.</summary>
    public FloatMatrix? MagnitudeScale { get; }

    /// <summary>
    /// When matching pursuit stops, [1, 3]: at a residual shorter than the first number, after so many steps as the second says, and, unless the third is 0, at a feature that was chosen before.
    /// Null for the other gates.
    /// </summary>
    public FloatMatrix? PursuitStop { get; }

    /// <summary>Every parameter but the atoms, by its name in files, in order.</summary>
    public IEnumerable<(string Name, FloatMatrix Value, long[] Shape)> All
    {
        get
        {
            long features = Atoms.Rows, dimension = Atoms.Columns;
            if (PursuitStop is null)
            {
                yield return (Prefix + "weight", Encoder, [features, dimension]);
                yield return (Prefix + "bias", Bias, [features]);
            }
            else yield return (Prefix + "stop", PursuitStop, [PursuitStop.Columns]);
            yield return ("offset", Offset, [dimension]);
            if (Threshold is not null) yield return (Prefix + "threshold", Threshold, [features]);
            if (MagnitudeBias is not null) yield return (Prefix + "magnitude_bias", MagnitudeBias, [features]);
            if (MagnitudeScale is not null) yield return (Prefix + "magnitude_scale", MagnitudeScale, [features]);
        }
    }

    /// <summary>Makes the encoder the transpose of the dictionary, so that a feature's value is the sample's coefficient on its atom alone.</summary>
    public void TieEncoder()
    {
        if (PursuitStop is not null) return;
        for (int feature = 0; feature < Atoms.Rows; feature++)
        {
            float square = RowKernels.SumOfSquares(Atoms[feature]);
            Atoms[feature].CopyTo(Encoder[feature]);
            if (square > 0) RowKernels.Scale(Encoder[feature], 1 / square);
        }
    }
}
