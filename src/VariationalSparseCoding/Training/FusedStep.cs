using TorchSharp;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Networks;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Training;

/// <summary>
/// The gradients of <see cref="TrainingObjective"/> on the CPU in float32, in closed form and in buffers that are made once: samples are scored on their sparse codes, the chosen
/// ones drawn again from their counters, and dL/dz = (2/(B D)) w (A z - x) A pulled back to the heads and through the inference network (SPEC section 12).
/// </summary>
/// <remarks>
/// Each thread works on its own part of the batch, of a layer's columns, or of the weights, with matrix products of one thread; the tensor library's own threads
/// would meet in each product and keep the processors busy in between.
/// </remarks>
internal sealed class FusedStep : IDisposable
{
    private readonly SparseCodingModel model;
    private readonly ThreadTeam team;
    private readonly IFusedEncoder encoder;
    private readonly FusedPart[] parts;
    private readonly Tensor dictionaryTransposed, atoms;
    private readonly int batchSize;

    /// <summary>Creates the buffers and the threads: as many as the experiment says, or else as the tensor library has.</summary>
    /// <param name="model">The model; see <see cref="Supports"/>.</param>
    public FusedStep(SparseCodingModel model)
    {
        this.model = model;
        batchSize = model.Experiment.Schedule.BatchSize;
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        // Each thread keeps its own number; new threads elsewhere begin with the last that was set, hence the caller's again.
        int ambient = get_num_threads(), wanted = model.Experiment.Compute.Threads;
        team = new(Math.Min(wanted > 0 ? wanted : ambient, batchSize), () => set_num_threads(1));
        set_num_threads(ambient);
        var dictionary = model.Linear.Dictionary;
        dictionaryTransposed = dictionary.t().DetachFromDisposeScope();
        atoms = dictionaryTransposed.contiguous().DetachFromDisposeScope();
        encoder = model.Experiment.Compute.Precision == ComputePrecision.Bf16
            ? new Bfloat16Encoder(model.Network!, model.Posterior!.Heads, batchSize, team)
            : new FusedEncoder(model.Network!, model.Posterior!.Heads, batchSize, team);
        parts = [.. Enumerable.Range(0, team.Size).Select(part =>
            new FusedPart(model, encoder, atoms, team.Bound(batchSize, part), team.Bound(batchSize, part + 1) - team.Bound(batchSize, part)))];
    }

    /// <summary>Whether a model's step has a fused form; where it has none, tensors and autograd do the step.</summary>
    /// <param name="model">The model.</param>
    public static bool Supports(SparseCodingModel model)
    {
        var sampling = model.Experiment.Sampling;
        return model.Device.type == DeviceType.CPU && model.Linear.Dictionary.dtype == ScalarType.Float32 && FusedPosterior.Supports(model.Experiment.Posterior)
            && model.Experiment.Prior.Kind == PriorKind.Fixed && !sampling.IsImportanceBound;
    }

    /// <summary>The gradients of the network's parameters, in their order, after <see cref="Differentiate"/>.</summary>
    public IReadOnlyList<Tensor> Gradients => encoder.Gradients;

    /// <summary>The parts of (1/B) sum_k sum_j w_kj (x_k - A z_kj) z_kj^T, [D, d] each, after <see cref="Differentiate"/>.</summary>
    public IEnumerable<Tensor> DictionaryDirections => parts.Select(part => part.DictionaryDirection);

    /// <summary>Samples, scores, chooses and differentiates.</summary>
    /// <param name="batch">x, [B, D].</param>
    /// <param name="key">The noise's key.</param>
    /// <param name="anneal">Warm-up and temperature.</param>
    /// <param name="times">Receives the times of the parts, where there is one.</param>
    /// <returns>Loss, weighted reconstruction error, KL and active fraction, as <see cref="ObjectiveResult.Terms"/>.</returns>
    public IReadOnlyList<double> Differentiate(Tensor batch, NoiseKey key, AnnealedWeights anneal, StepTimes? times = null)
    {
        WithOneThread(() =>
        {
            encoder.Input.copy_(batch);
            atoms.copy_(dictionaryTransposed);
            encoder.Forward();
            times?.Lap(StepPart.EncoderForward);
            team.Run(part => parts[part].Screen(key, anneal));
            times?.Lap(StepPart.Screening);
            team.Run(part => parts[part].Differentiate());
            encoder.Backward();
            times?.Lap(StepPart.Backward);
        });
        double reconstruction = parts.Sum(part => part.Reconstruction) / batchSize, divergence = parts.Sum(part => part.Divergence) / batchSize;
        var sampling = model.Experiment.Sampling;
        double codes = (double)batchSize * (sampling.Selection == SampleSelection.Max ? 1 : sampling.Draws) * model.Experiment.Generator.Atoms;
        return [reconstruction + TrainingObjective.KlWeight(model.Experiment, anneal) * divergence, reconstruction, divergence, parts.Sum(part => part.Active) / codes];
    }

    /// <summary>Moves the network's parameters and the dictionary along their gradients.</summary>
    /// <param name="optimiser">The optimiser of the network's parameters.</param>
    /// <param name="learningRate">Its rate.</param>
    /// <param name="dictionaryStep">The dictionary's step size.</param>
    /// <param name="times">Receives the times of the parts, where there is one.</param>
    public void Update(NesterovOptimiser optimiser, double learningRate, double dictionaryStep, StepTimes? times = null) => WithOneThread(() =>
    {
        team.Run(part => optimiser.StepPart(Gradients, learningRate, part, team.Size));
        times?.Lap(StepPart.Optimiser);
        model.Linear.Ascend(DictionaryDirections, dictionaryStep, model.Experiment.Objective.DictionaryPenalty);
        times?.Lap(StepPart.Dictionary);
    });

    public void Dispose()
    {
        team.Dispose();
        foreach (var part in parts) part.Dispose();
        encoder.Dispose();
        dictionaryTransposed.Dispose();
        atoms.Dispose();
    }

    /// <summary>Does work in which the tensor library has one thread on the calling thread, as it has on the others of the team.</summary>
    private static void WithOneThread(Action work)
    {
        int threads = get_num_threads();
        set_num_threads(1);
        try
        {
            work();
        }
        finally
        {
            set_num_threads(threads);
        }
    }
}
