using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Networks;

namespace VariationalSparseCoding.Exchange;

/// <summary>Turns a model into terms that other programs share: what was done to the samples becomes part of the weights, so that the coder takes samples as they are.</summary>
internal static class SharedModel
{
    /// <summary>Returns a model's coder: its own arithmetic where that can be said in the shared terms, or else its dictionary alone.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="InvalidInputException">The model has no dictionary.</exception>
    public static SharedCoder Of(SparseCodingModel model)
    {
        if (!model.HasDictionary) throw new InvalidInputException("the model has a convolutional generator and so no dictionary; only a dictionary can be exported");
        if (model is AutoencoderModel autoencoder && Gate(autoencoder) is { } gate) return Encoded(autoencoder, gate);
        var samples = new Standardisation(model);
        return new(null, model.Dimension, model.Atoms, samples.Atoms(SharedTensors.Transpose(model.Dictionary(), model.Dimension, model.Atoms)), samples.Offset(model.Offset))
        {
            Lambda = DefaultCode.KindOf(model.Experiment) == CodeKind.Map ? DefaultCode.MapLambda(model.Experiment, model.Dimension) : model.Experiment.Objective.Lambda,
        };
    }

    /// <summary>The shared gate that gives a code of a sample alone as one of ours does; null if none does.</summary>
    private static GateKind? Gate(AutoencoderModel model) => model.Parameters.Gate switch
    {
        GateKind.Gaussian or GateKind.Laplacian when model.Experiment.Sparsity is { TwoSided: true } or { SoftValues: true } => null,
        GateKind.Gaussian or GateKind.Laplacian when model.Experiment.Posterior.Threshold == ThresholdKind.Sample => GateKind.TopK,
        GateKind.Gaussian or GateKind.Laplacian => GateKind.JumpRelu,
        // What a batch decides in training, the threshold decides for a sample.
        GateKind.BatchTopK or GateKind.Matryoshka or GateKind.JumpRelu => GateKind.JumpRelu,
        GateKind.TopK or GateKind.Relu or GateKind.Gated or GateKind.GroupMax or GateKind.MatchingPursuit => model.Parameters.Gate,
        _ => null,
    };

    private static SharedCoder Encoded(AutoencoderModel model, GateKind gate)
    {
        var (parameters, experiment) = (model.Parameters, model.Experiment);
        var samples = new Standardisation(model);
        bool pursues = gate == GateKind.MatchingPursuit, isCentred = experiment.Network.Centred;
        var coder = new SharedCoder(gate, model.Dimension, model.Atoms, samples.Atoms(parameters.Atoms.All), samples.Offset(parameters.Offset.All))
        {
            Encoder = pursues ? [] : samples.Encoder(parameters.Encoder.All),
            Bias = pursues ? [] : samples.Bias(parameters, isCentred),
            IsCentred = isCentred,
            Threshold = gate == GateKind.JumpRelu ? Threshold(parameters) : [],
            Active = experiment.Sparsity.ActiveOf(model.Dimension, model.Atoms),
        };
        if (parameters.PursuitStop is { } stop) coder = coder with { Pursuit = new(stop.All[0], (int)stop.All[1], stop.All[2] != 0) };
        if (gate != GateKind.Gated) return coder;
        float[] scales = parameters.MagnitudeScale!.All.ToArray(), biases = parameters.MagnitudeBias!.All.ToArray();
        for (int feature = 0; feature < biases.Length; feature++) biases[feature] = GatedBias.Own(biases[feature], scales[feature], coder.Bias[feature]);
        return coder with { MagnitudeScale = scales, MagnitudeBias = biases };
    }

    /// <summary>The thresholds of features; of the gates of a batch there is one, which no feature that is not above 0 passes.</summary>
    private static float[] Threshold(AutoencoderParameters parameters)
    {
        float[] thresholds = parameters.Threshold!.All.ToArray();
        if (parameters.Gate is GateKind.BatchTopK or GateKind.Matryoshka) Array.Fill(thresholds, Math.Max(0, thresholds[0]));
        return thresholds;
    }

    /// <summary>What is done to samples, x' = (x - m) / s with 0 where s is 0, as a part of weights that take x'. Without it weights stay as they are, bit for bit.</summary>
    private sealed class Standardisation(SparseCodingModel model)
    {
        private readonly double[] mean = model.Preprocessing.Mean.ToArray(), deviation = model.Preprocessing.Deviation.ToArray();

        /// <summary>s A, as rows.</summary>
        public float[] Atoms(ReadOnlySpan<float> atoms) => Columns(atoms, column => deviation[column]);

        /// <summary>E / s.</summary>
        public float[] Encoder(ReadOnlySpan<float> encoder) => Columns(encoder, column => deviation[column] == 0 ? 0 : 1 / deviation[column]);

        /// <summary>m + s c: what the code 0 stands for.</summary>
        public float[] Offset(ReadOnlySpan<float> offset)
        {
            float[] shared = new float[model.Dimension];
            for (int i = 0; i < shared.Length; i++)
            {
                double own = offset.IsEmpty ? 0 : offset[i];
                shared[i] = (float)(mean.Length == 0 ? own : mean[i] + deviation[i] * own);
            }
            return shared;
        }

        /// <summary>The bias of an encoder that sees x - m - s c, or x.</summary>
        public float[] Bias(AutoencoderParameters parameters, bool isCentred)
        {
            float[] shared = parameters.Bias.All.ToArray();
            for (int feature = 0; feature < shared.Length && mean.Length > 0; feature++)
            {
                double sum = shared[feature];
                var encoder = parameters.Encoder[feature];
                for (int i = 0; i < mean.Length; i++)
                {
                    // A constant value is 0 here and its own mean there; what the offset makes of it is always the same.
                    if (isCentred) sum -= deviation[i] == 0 ? encoder[i] * (double)parameters.Offset.All[i] : 0;
                    else if (deviation[i] != 0) sum -= encoder[i] / deviation[i] * mean[i];
                }
                shared[feature] = (float)sum;
            }
            return shared;
        }

        private float[] Columns(ReadOnlySpan<float> rows, Func<int, double> factor)
        {
            float[] shared = rows.ToArray();
            if (mean.Length == 0) return shared;
            double[] factors = [.. Enumerable.Range(0, model.Dimension).Select(factor)];
            for (int i = 0; i < shared.Length; i++) shared[i] = (float)(shared[i] * factors[i % factors.Length]);
            return shared;
        }
    }
}
