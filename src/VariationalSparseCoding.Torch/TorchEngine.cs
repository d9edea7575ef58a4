using System.Reflection;
using VariationalSparseCoding.Data;
using VariationalSparseCoding.Engine;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Torch.Models;
using VariationalSparseCoding.Torch.Networks;
using VariationalSparseCoding.Torch.Training;
using VariationalSparseCoding.Training;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Torch;

/// <summary>
/// Switches the tensor library on, for what the managed engine does not have: convolutional generators, learned priors, the importance-weighted bound, relaxed and averaged
/// spikes, bf16 and CUDA.
/// </summary>
public static class TorchEngine
{
    /// <summary>
    /// Makes the tensor library available to all coders and runs of this process. Call it once at start; more calls do nothing. The native library is loaded when it is
    /// first needed, from the package libtorch-cpu-* or libtorch-cuda-* that the application references.
    /// </summary>
    public static void Use() => Engines.Tensors ??= new TensorEngine();

    private sealed class TensorEngine : ITensorEngine
    {
        public string Version { get; } = "TorchSharp " + (typeof(TorchSharp.torch).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown");

        public LinearStep.PassFactory Bfloat16Pass => (network, batchSize, team) =>
        {
            RequireBfloat16(ComputeDevice.Cpu);
            return new Bfloat16Encoder(network, batchSize, team);
        };

        public SparseCodingModel CreateModel(Experiment experiment, Preprocessing preprocessing)
        {
            var compute = experiment.Compute;
            if (compute.Threads > 0 && get_num_threads() != compute.Threads) set_num_threads(compute.Threads);
            if (compute.Device == ComputeDevice.Cuda && !cuda.is_available())
                throw new InvalidInputException("compute.device: no CUDA device is available; add the package libtorch-cuda to the project, or use 'cpu'.");
            if (compute.Precision == ComputePrecision.Bf16) RequireBfloat16(compute.Device);
            return new TorchModel(experiment, preprocessing);
        }

        public ITrainingStep CreateStep(SparseCodingModel model, int stepsPerEpoch)
        {
            var tensors = (TorchModel)model;
            return tensors.HasDictionary ? new AutogradStep(tensors, stepsPerEpoch) : new ConvolutionalStep(tensors, stepsPerEpoch);
        }

        private static void RequireBfloat16(ComputeDevice device)
        {
            if (device == ComputeDevice.Cpu && !ComputeOptions.SupportsBfloat16)
                throw new InvalidInputException("compute.precision: this processor does not multiply bf16 (it has no AVX512-BF16); use 'fp32'.");
        }
    }
}
