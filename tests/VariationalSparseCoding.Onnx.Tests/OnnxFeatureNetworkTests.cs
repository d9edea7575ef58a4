using VariationalSparseCoding.Experiments;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Onnx.Tests;

public sealed class OnnxFeatureNetworkTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string Write(OnnxModel model, string name = "model.onnx")
    {
        string path = Path.Combine(folder, name);
        model.Write(path);
        return path;
    }

    /// <summary>A network whose features are the pixels it is given.</summary>
    private OnnxFeatureNetwork Pixels(int batch, int channels, int height, int width, PixelNormalisation normalisation = PixelNormalisation.None) => OnnxFeatureNetwork.Open(
        Write(new OnnxModel().Input("image", batch, channels, height, width).Node("Flatten", "image", "features").Output("features", batch, channels * height * width)),
        new() { Normalisation = normalisation });

    private static float[] Images(int count, int size)
    {
        float[] images = new float[count * size];
        for (int i = 0; i < images.Length; i++) images[i] = i * 37 % 101 / 100f;
        return images;
    }

    private static void AssertClose(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-5f);
    }

    [Theory]
    [InlineData(0, 70)]
    [InlineData(4, 10)]
    [InlineData(1, 3)]
    public void Images_of_the_networks_size_are_given_as_they_are_in_batches_of_any_size(int batch, int count)
    {
        using var network = Pixels(batch, 3, 4, 5);
        float[] images = Images(count, 60);
        Assert.Equal(60, network.Features);
        Assert.Equal(images, network.Extract(images, new ImageShape(3, 4, 5)));
    }

    [Theory]
    [InlineData(8, 9)]
    [InlineData(13, 31)]
    [InlineData(28, 5)]
    [InlineData(1, 1)]
    public void Images_are_resized_as_torch_does_it(int height, int width)
    {
        using var network = Pixels(0, 3, 13, 12);
        float[] images = Images(2, 3 * height * width);
        using var scope = NewDisposeScope();
        Tensor resized = nn.functional.interpolate(tensor(images, [2, 3, height, width]), [13, 12], mode: InterpolationMode.Bilinear, align_corners: false);
        AssertClose(resized.data<float>().ToArray(), network.Extract(images, new ImageShape(3, height, width)));
    }

    [Fact]
    public void Grey_is_repeated_and_pixels_are_normalised()
    {
        float[] images = [0, 0.5f, 1, 0.25f];
        ImageShape grey = new(1, 1, 2);
        using (var network = Pixels(0, 3, 1, 2)) AssertClose([0, 0.5f, 0, 0.5f, 0, 0.5f, 1, 0.25f, 1, 0.25f, 1, 0.25f], network.Extract(images, grey));
        using (var network = Pixels(0, 1, 1, 2, PixelNormalisation.Symmetric)) AssertClose([-1, 0, 1, -0.5f], network.Extract(images, grey));
        using (var network = Pixels(0, 3, 1, 2, PixelNormalisation.ImageNet))
            AssertClose([-0.485f / 0.229f, 0.015f / 0.229f, -0.456f / 0.224f, 0.044f / 0.224f, -0.406f / 0.225f, 0.094f / 0.225f], network.Extract(images.AsSpan(0, 2), grey));
    }

    [Fact]
    public void A_network_of_free_size_takes_images_of_any()
    {
        using var network = OnnxFeatureNetwork.Open(Write(new OnnxModel().Input("image", 0, 3, 0, 0).Node("GlobalAveragePool", "image", "mean").Output("mean", 0, 3, 1, 1)));
        Assert.Equal(3, network.Features);
        AssertClose([0.5f, 0.25f, 1], network.Extract([0.25f, 0.75f, 0.25f, 0.25f, 1, 1], new ImageShape(3, 1, 2)));
        AssertClose([0.5f, 0.5f, 0.5f], network.Extract([0.5f, 0.25f, 0.75f], new ImageShape(1, 1, 3)));
    }

    [Fact]
    public void One_of_several_outputs_can_be_named()
    {
        string path = Write(new OnnxModel().Input("image", 0, 1, 1, 2).Node("Flatten", "image", "pixels").Node("Neg", "pixels", "negative").Output("pixels", 0, 2).Output("negative", 0, 2), "two.onnx");
        using var network = OnnxFeatureNetwork.Open(path, new() { Output = "negative", Threads = 1 });
        AssertClose([-0.5f, -1], network.Extract([0.5f, 1], new ImageShape(1, 1, 2)));
        Assert.Equal("Fréchet distance (features of two.onnx)", network.DistanceName);
        AssertRefused(path, "'pixels', 'negative'");
        AssertRefused(path, "no output 'logits'", new() { Output = "logits", Name = "Inception" });
    }

    [Fact]
    public void What_is_no_feature_network_is_refused_in_one_line()
    {
        string text = Path.Combine(folder, "text.onnx");
        File.WriteAllText(text, "not a model\nat all");
        AssertRefused(text, "is no ONNX model");
        AssertRefused(Path.Combine(folder, "missing.onnx"), "no such file");
        AssertRefused(Write(new OnnxModel().Input("x", 0, 7).Node("Neg", "x", "y").Output("y", 0, 7)), "the shape [any, 7] instead of [N, C, H, W]");
        AssertRefused(Write(new OnnxModel().Input("x", 0, 5, 2, 2).Node("Flatten", "x", "y").Output("y", 0, 20)), "1 or 3 channels");
        AssertRefused(Write(new OnnxModel().Input("x", 0, 1, 2, 2).Input("w", 0, 1, 2, 2).Node("Flatten", "x", "y").Output("y", 0, 4)), "2 inputs ('x', 'w')");
        AssertRefused(Write(new OnnxModel().Input("x", 0, 1, 2, 2).Node("Flatten", "x", "y")), "model");
        AssertRefused(Write(new OnnxModel(OnnxModel.Int64).Input("x", 0, 1, 2, 2).Node("Flatten", "x", "y").Output("y", 0, 4)), "input 'x' is not of float32");
        AssertRefused(Write(new OnnxModel().Input("x", 0, 3, 8, 8).Node("Neg", "x", "y").Output("y", 0, 3, 8, 8)), "output 'y' has the shape [any, 3, 8, 8]");
        AssertRefused(Write(new OnnxModel().Input("x", 0, 3, 0, 0).Node("Flatten", "x", "y").Output("y", 0, 0)), "with F known");
    }

    [Fact]
    public void Images_that_do_not_fit_are_refused()
    {
        using var network = Pixels(0, 1, 2, 2);
        Assert.Contains("these have 3", Assert.Throws<InvalidInputException>(() => network.Extract(new float[12], new ImageShape(3, 2, 2))).Message);
        Assert.Throws<ArgumentException>(() => network.Extract(new float[5], new ImageShape(1, 2, 2)));
    }

    private static void AssertRefused(string path, string part, OnnxFeatureOptions? options = null)
    {
        string message = Assert.Throws<InvalidInputException>(() => OnnxFeatureNetwork.Open(path, options)).Message;
        Assert.Contains(part, message);
        Assert.DoesNotContain('\n', message);
    }
}
