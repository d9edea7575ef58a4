using System.Text.Json;
using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Torch.Models;
using VariationalSparseCoding.Torch.Posteriors;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Tests.Training;

/// <summary>A case of linear_step.json or equations_step.json in the project's own terms.</summary>
internal sealed class StepFixture
{
    private readonly JsonElement json;
    private readonly ScalarType type;
    private readonly Dictionary<string, Tensor> inputs = [];
    private readonly Experiment experiment;

    public StepFixture(JsonElement json, ScalarType type)
    {
        this.json = json;
        this.type = type;
        experiment = Describe();
        Posterior = Posterior.Create(experiment.Posterior);
        foreach (string name in new[] { "mu", "h", "spike_head", "log_alpha", "log_beta", "lam" })
            if (json.GetProperty("inputs").TryGetProperty(name, out var value)) inputs[name] = value.Tensor(type).requires_grad_();
        var unitGamma = zeros_like(inputs["h"]);
        Heads = new(inputs["h"], inputs["mu"], inputs["spike_head"], inputs.GetValueOrDefault("log_alpha", unitGamma), inputs.GetValueOrDefault("log_beta", unitGamma));
        Noise = Draw();
    }

    public Posterior Posterior { get; }

    public HeadTensors Heads { get; }

    public PosteriorNoise Noise { get; }

    public AnnealedWeights Anneal => new(Number("noise_warmup"), Number("temperature"));

    public Tensor X => json.GetProperty("inputs").GetProperty("x").Tensor(type);

    public bool Has(string name) => json.GetProperty("expected").TryGetProperty(name, out _);

    public JsonElement Expected(string name) => json.GetProperty("expected").GetProperty(name);

    public Tensor Input(string name) => inputs[name];

    /// <summary>dz/dlambda for thresholds that are given: with a rate of 1, dz/dlog beta = -lambda dz/dlambda.</summary>
    public Tensor DerivativeByThreshold() => -Posterior.Derivatives(Heads, Noise, Anneal).LogRate! / Noise.Threshold!.Standard;

    public TorchModel Model()
    {
        var dictionary = json.GetProperty("inputs").GetProperty("dictionary");
        var model = new TorchModel(experiment with { Generator = new() { Atoms = (int)dictionary.Shape()[1] } }, Preprocessing.OfVectors((int)dictionary.Shape()[0]), type);
        using var _ = no_grad();
        model.Linear.Dictionary.copy_(dictionary.Tensor(type));
        return model;
    }

    private double Number(string name) => json.GetProperty(name).GetDouble();

    private string? Text(string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;

    private Experiment Describe()
    {
        string family = Text("base") ?? Text("family")!;
        bool learned = json.TryGetProperty("learned_threshold", out var flag) ? flag.GetBoolean() : Text("threshold") == "given";
        bool thresholded = json.TryGetProperty("thresholded", out flag) ? flag.GetBoolean() : Text("threshold") is not null;
        string method = family is "concreteslab" or "spike-and-slab" ? "spike-and-slab"
            : (thresholded ? "thresholded-" : "") + family + (learned ? "-gamma" : "");
        var defaults = MethodTable.Find(method)!.Defaults(Text("fidelity") == "equations" ? Fidelity.Equations : Fidelity.Published);
        return defaults with
        {
            Posterior = defaults.Posterior with
            {
                ThresholdValue = learned || thresholded ? Number("threshold0") : 1,
                GammaKlFactor = json.TryGetProperty("gamma_kl_factor", out var factor) ? factor.GetDouble() : 0,
                PriorSpread = Number("prior_spread"),
                SpikePrior = Number("spike_prior"),
                Estimator = Text("estimator") switch
                {
                    "straight" or "straight-through" => GradientEstimator.StraightThrough,
                    "subg" or "subgradient" => GradientEstimator.Subgradient,
                    _ => GradientEstimator.GumbelSoftmax,
                },
            },
            Sampling = defaults.Sampling with
            {
                Selection = (Text("sampling") ?? Text("selection")) switch
                {
                    "max" => DrawSelection.Max,
                    "iwae" => DrawSelection.Iwae,
                    _ => DrawSelection.Average,
                },
            },
            Objective = defaults.Objective with { KlWeight = Number("kl_weight") },
        };
    }

    private PosteriorNoise Draw()
    {
        var uniform = json.GetProperty("inputs").GetProperty("uniform_noise").Tensor();
        var normal = json.GetProperty("inputs").GetProperty("normal_noise").Tensor();
        var centred = uniform - 0.5;
        var laplace = -centred.sign() * (1 - 2 * centred.abs()).clamp(min: 1e-6).log();
        GammaDraw? threshold = null;
        if (Has("standard_gamma"))
            threshold = new(Expected("standard_gamma").Tensor(type), Expected("d_standard_gamma_d_alpha").Tensor(type));
        else if (experiment.Posterior.Threshold == ThresholdKind.Gamma)
            threshold = new(inputs["lam"].detach(), ones_like(inputs["lam"]));
        bool isLaplacian = experiment.Posterior.Family is LaplacianMethods;
        return new((isLaplacian ? laplace : normal).to(type), uniform.to(type), threshold);
    }
}
