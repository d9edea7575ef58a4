using VariationalSparseCoding.Columnar;
using VariationalSparseCoding.Commands;
using VariationalSparseCoding.Images;

namespace VariationalSparseCoding.Cli;

/// <summary>The program `vsc`: what needs neither the tensor library, ONNX Runtime nor the reproduction kit.</summary>
internal static class Tool
{
    /// <summary>Creates the program's commands.</summary>
    public static CommandSet Commands()
    {
        ImageData.Register();
        ColumnarData.Register();
        return new CommandSet("vsc", $"""
            Variational sparse coding with learned thresholding (Fallah & Rozell, ICML 2022).

            Learns a dictionary together with an inference network that draws codes and soft-thresholds them,
            and every method that the paper compares with. 'vsc train' alone learns a dictionary of natural
            images in about two minutes; 'vsc methods' lists the methods.

            {FullProgram.Name} (package {FullProgram.Package}) also has bench, collect, reproduce, synthetic, and convolutional generators.
            """)
            .AddStandard()
            .AddElsewhere("bench", "collect", "reproduce", "synthetic", "data minilm", "data wordnet");
    }
}
