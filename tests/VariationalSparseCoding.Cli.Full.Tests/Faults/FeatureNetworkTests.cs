using VariationalSparseCoding.Onnx.Tests;

namespace VariationalSparseCoding.Cli.Full.Tests.Faults;

/// <summary>Feature networks that cannot be used.</summary>
public sealed class FeatureNetworkTests : IDisposable
{
    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact, Trait("Fault", "B8")]
    public async Task A_network_without_inputs_or_outputs_is_refused_in_one_line()
    {
        var models = new Dictionary<string, OnnxModel>
        {
            ["no-output.onnx"] = new OnnxModel().Input("x", 0, 3, 8, 8).Node("Flatten", "x", "y"),
            ["no-node.onnx"] = new OnnxModel().Input("x", 0, 3, 8, 8),
            ["no-input.onnx"] = new OnnxModel().Output("y", 0, 3),
            ["nothing.onnx"] = new OnnxModel(),
        };
        foreach (var (name, model) in models)
        {
            model.Write(scratch.File(name));
            (await Vsc.Run("reproduce", "figure6", "--schedule", "smoke", "--output", scratch.File("out"), "--feature-network", scratch.File(name))).Refused(name);
        }
    }
}
