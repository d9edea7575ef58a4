namespace VariationalSparseCoding.Experiments;

/// <summary>The device that computes.</summary>
public enum ComputeDevice
{
    /// <summary>The processor.</summary>
    Cpu,
    /// <summary>An NVIDIA GPU; needs the libtorch-cuda package. Not tested by this project.</summary>
    Cuda,
}
