using System.Runtime.Intrinsics.X86;

namespace VariationalSparseCoding.Experiments;

/// <summary>The machine's part of a run.</summary>
public sealed record ComputeOptions
{
    /// <summary>Number of threads; 0 takes one per core. Equal seeds give bit-identical runs at equal threads.</summary>
    public int Threads { get; init; }

    /// <summary>The device that computes.</summary>
    public ComputeDevice Device { get; init; } = ComputeDevice.Cpu;

    /// <summary>The number format of the inference network's products, and of a generator's convolutions, while they are trained; noise and losses stay in float32. It changes the result, unlike the options above.</summary>
    public ComputePrecision Precision { get; init; } = ComputePrecision.Fp32;

    /// <summary>Whether this machine's processor multiplies bfloat16: it has AVX512-BF16.</summary>
    // The runtime has no property for it: leaf 7, subleaf 1, bit 5 of EAX.
    public static bool SupportsBfloat16 => X86Base.IsSupported && X86Base.CpuId(0, 0).Eax >= 7 && (X86Base.CpuId(7, 1).Eax & (1 << 5)) != 0;

    internal void Validate(Errors errors)
    {
        errors.Named("compute.device", Device);
        errors.Named("compute.precision", Precision);
        errors.Check(Threads is >= 0 and <= 1024, "compute.threads", $"must lie between 0 (one per core) and 1024, not {Threads}");
    }
}
