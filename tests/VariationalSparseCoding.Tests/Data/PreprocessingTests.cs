using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Serialization;
using VariationalSparseCoding.Tests.Serialization;

namespace VariationalSparseCoding.Tests.Data;

public class PreprocessingTests
{
    [Fact]
    public void Standardising_and_restoring_are_inverse()
    {
        var preprocessing = Preprocessing.OfVectors(2, [1, -2], [2, 0.5]);
        float[] rows = [3, -1, 1, -2];
        preprocessing.Standardise(rows);
        Assert.Equal([1f, 2, 0, 0], rows);
        preprocessing.Restore(rows);
        Assert.Equal([3f, -1, 1, -2], rows);
        Assert.Throws<ArgumentException>(() => preprocessing.Standardise(new float[3]));
    }

    [Fact]
    public void Raw_samples_stay_as_they_are()
    {
        float[] rows = [3, -1];
        Preprocessing.OfVectors(2).Standardise(rows);
        Preprocessing.OfVectors(2).Restore(rows);
        Assert.Equal([3f, -1], rows);
    }

    private static readonly Preprocessing[] kinds =
    [
        Preprocessing.OfPatches(2, 0.0123456789012345678, [0.1, 2, 3, 4], [1, 2, 3, 1.0 / 3]),
        Preprocessing.OfPatches(3, null),
        Preprocessing.OfVectors(2, [1, -2], [2, 0.5]),
        Preprocessing.OfVectors(7),
        Preprocessing.OfImages(new ImageShape(3, 4, 5)),
        Preprocessing.OfImages(new ImageShape(3, 4, 4), areAlignedFaces: true),
    ];

    [Fact]
    public void Every_kind_survives_a_model_file() => Assert.All(kinds, preprocessing =>
    {
        using var folder = new ScratchFolder();
        Safetensors.Write(folder.File("model"), preprocessing.ToTensors(), new Dictionary<string, string> { ["preprocessing"] = preprocessing.ToJson() });
        var (tensors, metadata) = Safetensors.Read(folder.File("model"));
        var read = Preprocessing.From(metadata["preprocessing"], tensors, "model");
        Assert.Equal((preprocessing.Kind, preprocessing.Dimension, preprocessing.PatchSize, preprocessing.WhiteningScale, preprocessing.IsStandardised, preprocessing.ImageShape),
            (read.Kind, read.Dimension, read.PatchSize, read.WhiteningScale, read.IsStandardised, read.ImageShape));
        Assert.True(preprocessing.Matches(read));
        Assert.Equal(preprocessing.Mean.ToArray(), read.Mean.ToArray());
        Assert.Equal(preprocessing.Deviation.ToArray(), read.Deviation.ToArray());
    });

    [Fact]
    public void Descriptions_are_written_as_in_version_0_1()
    {
        Assert.Equal("""{"kind":"image-patches","dimension":4,"patchSize":2,"whiteningScale":0.012345678901234568,"standardised":true}""", Preprocessing.OfPatches(2, 0.0123456789012345678, [0, 0, 0, 0], [1, 1, 1, 1]).ToJson());
        Assert.Equal("""{"kind":"vectors","dimension":7,"patchSize":null,"whiteningScale":null,"standardised":false}""", Preprocessing.OfVectors(7).ToJson());
        Assert.Equal("""{"kind":"images","dimension":48,"patchSize":null,"whiteningScale":null,"standardised":false,"shape":[3,4,4],"alignedFaces":true}""", Preprocessing.OfImages(new ImageShape(3, 4, 4), areAlignedFaces: true).ToJson());
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("""{"kind":"vectors"}""")]
    [InlineData("""{"kind":"sounds","dimension":2,"standardised":false}""")]
    [InlineData("""{"kind":7,"dimension":2,"standardised":false}""")]
    [InlineData("""{"kind":"vectors","dimension":0,"standardised":false}""")]
    [InlineData("""{"kind":"vectors","dimension":2,"standardised":true}""")]
    [InlineData("""{"kind":"vectors","dimension":2,"standardised":false,"colour":true}""")]
    [InlineData("""{"kind":"vectors","dimension":4,"patchSize":2,"standardised":false}""")]
    [InlineData("""{"kind":"image-patches","dimension":5,"patchSize":2,"standardised":false}""")]
    [InlineData("""{"kind":"image-patches","dimension":4,"patchSize":2,"whiteningScale":-1,"standardised":false}""")]
    [InlineData("""{"kind":"images","dimension":12,"standardised":false}""")]
    [InlineData("""{"kind":"images","dimension":12,"shape":[3,2],"standardised":false}""")]
    [InlineData("""{"kind":"images","dimension":12,"shape":[3,2,3],"standardised":false}""")]
    [InlineData("""{"kind":"images","dimension":8,"shape":[2,2,2],"standardised":false}""")]
    [InlineData("""{"kind":"images","dimension":12,"shape":[3,-2,-2],"standardised":false}""")]
    [InlineData("""{"kind":"images","dimension":12,"shape":[3,2,2],"standardised":true}""")]
    [InlineData("""{"kind":"vectors","dimension":12,"shape":[3,2,2],"standardised":false}""")]
    [InlineData("""{"kind":"vectors","dimension":12,"standardised":false,"alignedFaces":true}""")]
    public void A_damaged_description_is_refused(string json) =>
        Assert.Contains("model.safetensors", Assert.Throws<InvalidInputException>(() => Preprocessing.From(json, new Dictionary<string, StoredTensor>(), "model.safetensors")).Message, StringComparison.Ordinal);

    [Fact]
    public void Images_of_another_shape_or_crop_do_not_match()
    {
        var images = Preprocessing.OfImages(new ImageShape(1, 4, 6));
        Assert.False(images.Matches(Preprocessing.OfImages(new ImageShape(1, 6, 4))));
        Assert.False(images.Matches(Preprocessing.OfImages(new ImageShape(1, 4, 6), areAlignedFaces: true)));
    }

    [Fact]
    public void Impossible_statistics_are_refused()
    {
        const string json = """{"kind":"vectors","dimension":2,"standardised":true}""";
        void Refused(double[] mean, params double[] deviation) => RefusedTensors(Of("preprocessing.mean", mean), Of("preprocessing.deviation", deviation));
        void RefusedTensors(params StoredTensor[] tensors) => Assert.Throws<InvalidInputException>(() => Preprocessing.From(json, tensors.ToDictionary(tensor => tensor.Name), "model"));
        StoredTensor Of(string name, double[] values) => StoredTensor.Of(name, values, values.Length);
        Refused([0, 0], 0, 0);
        Refused([0, 0, 0], 1, 1, 1);
        Refused([double.NaN, double.NaN], 1, 1);
        RefusedTensors(StoredTensor.Of("preprocessing.mean", [0f, 0], 2), Of("preprocessing.deviation", [1, 1]));
        RefusedTensors(Of("preprocessing.mean", [0, 0]));
    }
}
