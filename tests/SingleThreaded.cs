using System.Runtime.CompilerServices;

namespace VariationalSparseCoding.Tests;

/// <summary>The test projects run side by side: tensor operations with threads of their own would only wait for each other.</summary>
internal static class SingleThreaded
{
    [ModuleInitializer]
    internal static void Set() => TorchSharp.torch.set_num_threads(1);
}
