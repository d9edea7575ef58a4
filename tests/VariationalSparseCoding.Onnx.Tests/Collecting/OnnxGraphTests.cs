using System.Text;
using VariationalSparseCoding.Onnx.Collecting;

namespace VariationalSparseCoding.Onnx.Tests.Collecting;

public sealed class OnnxGraphTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string File(string name) => Path.Combine(folder, name);

    [Fact]
    public void Tensors_are_listed_with_their_shapes_and_weights()
    {
        string[] lines = [.. ActivationModel.List(TinyEncoder.Write(File("encoder.onnx"))).Select(tensor => tensor.ToString())];
        Assert.Contains("embedded  [free0, free1, 3]  Gather of embedding.weight", lines);
        Assert.Contains("/layer.0/hidden  [free0, free1, 3]  Add", lines);
        Assert.Contains("pooled  [free0, 3]  ReduceSum of tokens", lines);
        Assert.Contains("context  [free0, 1, 3]  ReduceSum of tokens", lines);
    }

    [Fact]
    public void Images_of_a_free_size_have_shapes_too()
    {
        new OnnxModel().Input("image", 0, 3, 0, 0).Node("Neg", "image", "hidden").Node("GlobalAveragePool", "hidden", "mean").Output("mean", 0, 3, 1, 1).Write(File("image.onnx"));
        Assert.Equal(["hidden  [free0, 3, free2, free3]  Neg", "mean  [free0, 3, 1, 1]  GlobalAveragePool"], ActivationModel.List(File("image.onnx")).Select(tensor => tensor.ToString()));
    }

    [Fact]
    public void A_cut_model_holds_only_what_is_needed()
    {
        byte[] model = System.IO.File.ReadAllBytes(TinyEncoder.Write(File("encoder.onnx")));
        string cut = Encoding.Latin1.GetString(OnnxGraph.Read(model, "encoder.onnx").Cut([TinyEncoder.Embedded]));
        Assert.Contains("embedding.weight", cut, StringComparison.Ordinal);
        foreach (string part in new[] { "Sigmoid", "ReduceSum", "negative", "Neg" }) Assert.DoesNotContain(part, cut, StringComparison.Ordinal);
    }

    /// <summary>A branch uses a tensor of the graph around it without naming it as an input.</summary>
    [Fact]
    public void What_a_subgraph_reads_of_the_graph_around_it_is_needed()
    {
        OnnxModel Branch(string operation) => new OnnxModel().Node(operation, "around", "inner").Output("inner", 0, 2);
        new OnnxModel().Input("x", 0, 2).Weights("condition", OnnxModel.Bool, [1], [])
            .Node("Neg", "x", "around").Node("Sqrt", "x", "apart")
            .Node("If", ["condition"], "chosen", OnnxModel.Subgraph("then_branch", Branch("Identity")), OnnxModel.Subgraph("else_branch", Branch("Neg")))
            .Node("Neg", "chosen", "y").Output("y", 0, 2).Write(File("if.onnx"));
        string matrix = File("x.npy");
        Serialization.Npy.Write<float>(matrix, (float[])[1, 2, 3, 4], 2);
        using var input = new MatrixInput(matrix, 2);
        ActivationCollector.Run(new() { Model = File("if.onnx"), Tensors = ["chosen"], Folder = File("store") }, input);
        Assert.Equal([-1, -2, -3, -4], Stores.Read(File("store")));
    }

    [Fact]
    public void Weights_may_lie_beside_the_model()
    {
        System.IO.File.WriteAllBytes(File("weights.bin"), [.. BitConverter.GetBytes(10f), .. BitConverter.GetBytes(20f)]);
        new OnnxModel().Input("x", 0, 2).WeightsBeside("w", "weights.bin", 2).Node("Add", ["x", "w"], "hidden").Node("Neg", "hidden", "y").Output("y", 0, 2).Write(File("beside.onnx"));
        Serialization.Npy.Write<float>(File("x.npy"), (float[])[1, 2, 3, 4], 2);
        using var input = new MatrixInput(File("x.npy"), 2);
        ActivationCollector.Run(new() { Model = File("beside.onnx"), Tensors = ["hidden"], Folder = File("store") }, input);
        Assert.Equal([11, 22, 13, 24], Stores.Read(File("store")));
    }

    [Fact]
    public void A_tensor_that_is_not_there_is_refused()
    {
        string path = TinyEncoder.Write(File("encoder.onnx"));
        foreach (string name in new[] { "hiden", "input_ids", "embedding.weight", "" })
            Assert.Contains($"'{name}'", Assert.Throws<InvalidInputException>(() => ActivationModel.Open(path, [name], 1)).Message, StringComparison.Ordinal);
        Assert.Contains("not of float32", Assert.Throws<InvalidInputException>(() =>
        {
            new OnnxModel(OnnxModel.Int64).Input("x", 0, 7).Node("Neg", "x", "y").Output("y", 0, 7).Write(File("whole.onnx"));
            ActivationModel.Open(File("whole.onnx"), ["y"], 1);
        }).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_models_are_read_or_refused()
    {
        byte[] model = System.IO.File.ReadAllBytes(TinyEncoder.Write(File("encoder.onnx")));
        var random = new System.Random(7);
        int refused = 0;
        for (int i = 0; i < 5000; i++)
        {
            byte[] damaged = i % 3 == 0 ? model[..random.Next(model.Length)] : [.. model];
            for (int change = random.Next(4); change >= 0 && damaged.Length > 0; change--) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            try
            {
                var graph = OnnxGraph.Read(damaged, "damaged.onnx");
                if (graph.Tensors.Contains(TinyEncoder.Hidden)) graph.Cut([TinyEncoder.Hidden]);
            }
            catch (InvalidInputException problem)
            {
                refused++;
                Assert.StartsWith("damaged.onnx: ", problem.Message, StringComparison.Ordinal);
                Assert.DoesNotContain('\n', problem.Message);
            }
        }
        Assert.InRange(refused, 1000, 4999);
    }

    [Fact]
    public void Subgraphs_without_end_are_refused()
    {
        var model = new OnnxModel().Node("Neg", "x", "y");
        for (int depth = 0; depth < 200; depth++) model = new OnnxModel().Node("If", ["c"], "y", OnnxModel.Subgraph("then_branch", model));
        Assert.Contains("nested", Assert.Throws<InvalidInputException>(() => OnnxGraph.Read(model.Bytes(), "deep.onnx")).Message, StringComparison.Ordinal);
    }
}
