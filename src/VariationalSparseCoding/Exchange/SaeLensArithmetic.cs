using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Exchange;

/// <summary>
/// What SAELens (6 and later, and the older files that it converts) means by its settings and tensors; <c>docs/dictionaries.md</c> has the formulas. Our own files in one piece are written in
/// the same terms, with two architectures more.
/// </summary>
internal static class SaeLensArithmetic
{
    /// <summary>Architectures of our own, which SAELens does not know.</summary>
    internal const string DictionaryAlone = "dictionary", GroupMax = "group_max";

    private const string Title = "SAELens";
    private const double UsualResidual = 0.01;
    private const int MostPursuitSteps = 1 << 24;

    /// <summary>Reads a coder.</summary>
    /// <param name="config">The settings.</param>
    /// <param name="tensors">The tensors.</param>
    /// <exception cref="InvalidInputException">They contradict each other, or their arithmetic cannot be represented.</exception>
    public static SharedCoder Read(CoderConfig config, SharedTensors tensors)
    {
        string architecture = Architecture(config);
        var notes = new List<string>();
        RequirePlainSamples(config, notes);
        var (features, dimension) = tensors.SizeOf("W_dec");
        tensors.RequireSizes(config, "tensor W_dec", ("d_in", dimension), ("d_sae", features));
        var coder = new SharedCoder(null, dimension, features, tensors.Take("W_dec", features, dimension), tensors.Take("b_dec", dimension)) { IsCentred = config.Flag("apply_b_dec_to_input", true), Notes = notes };
        coder = architecture switch
        {
            DictionaryAlone => coder with { Lambda = config.Has("lambda") ? config.Number("lambda", 0) : null },
            "matching_pursuit" => Pursuit(config, coder),
            "gated" => Encoded(coder, GateKind.Gated, tensors) with
            {
                Bias = tensors.Take("b_gate", features),
                MagnitudeBias = tensors.Take("b_mag", features),
                MagnitudeScale = tensors.Take("r_mag", features),
            },
            "standard" => Biased(coder, GateKind.Relu, tensors),
            "jumprelu" => Biased(coder, GateKind.JumpRelu, tensors) with { Threshold = Threshold(tensors, features) },
            GroupMax => Biased(coder, GateKind.GroupMax, tensors) with { Active = config.Count("k") },
            _ => TopK(config, Biased(coder, GateKind.TopK, tensors)),
        };
        coder = FineTuned(config, coder, tensors);
        tensors.RequireNoOthers($"{Title}'s '{architecture}'");
        return coder;
    }

    private static string Architecture(CoderConfig config)
    {
        string architecture = config.Text("architecture", "standard");
        // Before version 6 a TopK was a standard one with another activation.
        string activation = config.Text(config.Has("activation_fn_str") ? "activation_fn_str" : "activation_fn", "relu");
        if (architecture == "standard" && activation == "topk") architecture = "topk";
        else if (activation is not ("relu" or "topk")) throw CoderFormat.Unrepresentable(config.Source, $"its activation '{activation}' is none of relu and topk");
        if (architecture.Contains("coder", StringComparison.Ordinal))
            throw CoderFormat.Unrepresentable(config.Source, $"its architecture '{architecture}' reconstructs another place of a network than it reads, which a dictionary of samples does not");
        return architecture is "standard" or "topk" or "jumprelu" or "gated" or "matching_pursuit" or DictionaryAlone or GroupMax ? architecture
            : throw CoderFormat.Unrepresentable(config.Source, $"its architecture '{architecture}' is none of standard, topk, jumprelu, gated and matching_pursuit");
    }

    private static void RequirePlainSamples(CoderConfig config, List<string> notes)
    {
        string normalisation = config.Text("normalize_activations", "none");
        if (normalisation == "expected_average_only_in")
            notes.Add($"{config.Source}: its samples were scaled to a mean norm of sqrt(D) in training (normalize_activations), by a number that is not in the files: scale yours so, unless it is folded into the weights");
        else if (normalisation != "none")
            throw CoderFormat.Unrepresentable(config.Source, $"it normalises each sample by itself (normalize_activations = '{normalisation}') and undoes that after decoding, so that a code alone does not say what it stands for");
        string shape = config.Text("reshape_activations", "none");
        if (shape == "hook_z") notes.Add($"{config.Source}: a sample is the values of all attention heads, one head after the other (reshape_activations)");
        else if (shape != "none") throw CoderFormat.Unrepresentable(config.Source, $"it reshapes samples in a way that is not known (reshape_activations = '{shape}')");
    }

    private static SharedCoder Encoded(SharedCoder coder, GateKind gate, SharedTensors tensors) =>
        coder with { Gate = gate, Encoder = tensors.TakeTransposed("W_enc", coder.Dimension, coder.Features) };

    private static SharedCoder Biased(SharedCoder coder, GateKind gate, SharedTensors tensors) => Encoded(coder, gate, tensors) with { Bias = tensors.Take("b_enc", coder.Features) };

    private static float[] Threshold(SharedTensors tensors, int features) =>
        tensors.Has("threshold") ? tensors.Take("threshold", features) : Array.ConvertAll(tensors.Take("log_threshold", features), MathF.Exp);

    /// <summary>Values that are multiplied by the atoms' norms before they are compared, and divided by them before decoding, are those of other weights.</summary>
    private static SharedCoder TopK(CoderConfig config, SharedCoder coder)
    {
        var settings = config.Has("k") ? config : config.Section("activation_fn_kwargs");
        coder = coder with { Active = settings.Count("k") };
        if (!config.Flag("rescale_acts_by_decoder_norm", false)) return coder;
        for (int feature = 0; feature < coder.Features; feature++)
        {
            Span<float> atom = coder.Atoms.AsSpan(feature * coder.Dimension, coder.Dimension), encoder = coder.Encoder.AsSpan(feature * coder.Dimension, coder.Dimension);
            double square = 0;
            foreach (float value in atom) square += (double)value * value;
            double norm = Math.Sqrt(square);
            foreach (ref float value in encoder) value = (float)(value * norm);
            coder.Bias[feature] = (float)(coder.Bias[feature] * norm);
            if (norm > 0)
                foreach (ref float value in atom) value = (float)(value / norm);
        }
        return coder;
    }

    private static SharedCoder Pursuit(CoderConfig config, SharedCoder coder)
    {
        int steps = config.Count("max_iterations", coder.Dimension);
        if (steps > MostPursuitSteps) throw CoderFormat.Unrepresentable(config.Source, $"it may take {steps} steps for a code (max_iterations), more than the {MostPursuitSteps} that are taken here");
        coder = coder with { Gate = GateKind.MatchingPursuit, Pursuit = new(config.Number("residual_threshold", UsualResidual), steps, config.Flag("stop_on_duplicate_support", true)) };
        // Here the bias is added only where it was taken off.
        return coder.IsCentred ? coder : coder with { IsCentred = true, Offset = new float[coder.Dimension] };
    }

    /// <summary>A factor of each code before decoding, of versions before 6, is one of its atom.</summary>
    private static SharedCoder FineTuned(CoderConfig config, SharedCoder coder, SharedTensors tensors)
    {
        if (!tensors.Has("scaling_factor")) return coder;
        float[] factors = tensors.Take("scaling_factor", coder.Features);
        if (!config.Flag("finetuning_scaling_factor", false)) return coder;
        for (int i = 0; i < coder.Atoms.Length; i++) coder.Atoms[i] *= factors[i / coder.Dimension];
        return coder;
    }
}
