using System.Diagnostics;
using VariationalSparseCoding.Tests.Engine;
using VariationalSparseCoding.Tests.Posteriors;

namespace VariationalSparseCoding.Tests.Kernels;

/// <summary>The tests of what is written with vectors, once more in processes whose runtime has narrower ones, or none.</summary>
[Trait("Category", "Slow")]
public class SimdWidthTests
{
    private static readonly Type[] Vectorised =
    [
        typeof(LinearStepTests), typeof(EncoderPassTests), typeof(RowPosteriorTests), typeof(MatrixProductTests), typeof(PackedPanelsTests), typeof(SparseCodeTests),
        typeof(LocationScaleKernelTests), typeof(SpikeAndSlabKernelTests), typeof(RowKernelsTests), typeof(NesterovStepTests),
    ];

    [Theory]
    [InlineData("DOTNET_EnableAVX512")]
    [InlineData("DOTNET_EnableAVX2")]
    [InlineData("DOTNET_EnableHWIntrinsic")]
    public async Task Kernels_and_the_step_keep_their_tests_without(string instructions)
    {
        // A test assembly is a program that runs its own tests.
        string[] classes = [.. Vectorised.SelectMany(tests => new[] { "-class", tests.FullName! })];
        var start = new ProcessStartInfo("dotnet", [typeof(SimdWidthTests).Assembly.Location, .. classes, "-noColor"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { [instructions] = "0" },
        };
        using var process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await output + await errors);
        Assert.Matches(@"Total: [1-9]\d*, Errors: 0, Failed: 0,", await output);
    }
}
