using VariationalSparseCoding.Columnar;
using VariationalSparseCoding.Commands;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Images;
using VariationalSparseCoding.Torch;

namespace VariationalSparseCoding.Cli.Full;

/// <summary>The program `vsc-full`: the commands of `vsc`, and those that need the tensor library, ONNX Runtime or the reproduction kit.</summary>
internal static class Tool
{
    /// <summary>Creates the program's commands.</summary>
    public static CommandSet Commands()
    {
        ImageData.Register();
        ColumnarData.Register();
        TorchEngine.Use();
        var set = new CommandSet(FullProgram.Name, $"""
            Variational sparse coding with learned thresholding (Fallah & Rozell, ICML 2022).

            Everything that vsc does, and activations of other networks, convolutional generators of images,
            learned priors, importance bounds and bf16 by the tensor library, benchmarks, and the paper's
            tables and figures.
            '{FullProgram.Name} train' alone learns a dictionary of natural images in about two minutes.
            """);
        set.Kinds.Add(GeneratorKind.Convolutional, ImageRuns.Evaluate);
        return set
            .AddStandard(TensorChecks.All)
            .AddBelow("data", TextDataCommands.Encoder(set))
            .AddBelow("data", TextDataCommands.Glosses(set))
            .Add(CollectCommand.Create(set))
            .Add(ReproduceCommand.Create(set))
            .Add(SyntheticCommand.Create(set))
            .Add(BenchCommand.Create(set));
    }
}
