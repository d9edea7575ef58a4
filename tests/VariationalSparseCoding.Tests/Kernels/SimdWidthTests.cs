using System.Diagnostics;

namespace VariationalSparseCoding.Tests.Kernels;

/// <summary>The tests of what is written with vectors, once more in processes whose runtime has narrower ones, or none.</summary>
public class SimdWidthTests
{
    private const string Filter = "FullyQualifiedName~FusedStepTests|FullyQualifiedName~MatrixProductTests|FullyQualifiedName~Bfloat16Tests|FullyQualifiedName~SparseCodeTests"
        + "|FullyQualifiedName~LocationScaleKernelTests|FullyQualifiedName~SpikeAndSlabKernelTests|FullyQualifiedName~RowKernelsTests|FullyQualifiedName~NesterovStepTests"
        + "|FullyQualifiedName~TransposedConvolutionTests";

    [Theory]
    [InlineData("DOTNET_EnableAVX512")]
    [InlineData("DOTNET_EnableAVX2")]
    [InlineData("DOTNET_EnableHWIntrinsic")]
    public async Task Kernels_and_the_fused_step_keep_their_tests_without(string instructions)
    {
        var start = new ProcessStartInfo("dotnet", ["vstest", typeof(SimdWidthTests).Assembly.Location, "--TestCaseFilter:" + Filter])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { [instructions] = "0" },
        };
        using var process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await output + await errors);
        Assert.Contains("Passed!", await output, StringComparison.Ordinal);
    }
}
