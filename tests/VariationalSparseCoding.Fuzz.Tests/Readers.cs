using System.IO.Compression;
using System.Text;
using Apache.Arrow.Types;
using SkiaSharp;
using VariationalSparseCoding.Columnar;
using VariationalSparseCoding.Columnar.Tests;
using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Images;
using VariationalSparseCoding.Images.Files;
using VariationalSparseCoding.Images.Tests;
using VariationalSparseCoding.Images.WholeImages;
using VariationalSparseCoding.Onnx;
using VariationalSparseCoding.Onnx.Tests;
using VariationalSparseCoding.Reproduction.Results;
using VariationalSparseCoding.Runs;
using VariationalSparseCoding.Serialization;
using VariationalSparseCoding.Tests.Data;
using VariationalSparseCoding.Tests.Exchange;

namespace VariationalSparseCoding.Fuzz.Tests;

/// <summary>Every reader of files.</summary>
/// <param name="scratch">Where intact files are made.</param>
internal sealed class Readers(ScratchFolder scratch)
{
    private const int Columns = 4;

    // Deflate may expand a thousandfold; texts become objects many times their size.
    private const long Deflated = 1100, Text = 200;

    // What a library may take for a moment before it finds that a file does not hold what it declares.
    private const long LargestDeclared = 4L << 30;

    // Four bytes of colour and four of luma for each pixel, and of colour again for each of the two readings of an image that is turned.
    private const long PerPixel = 16;

    private readonly float[] values = [.. Enumerable.Range(0, 30 * Columns).Select(i => (float)Math.Sin(i * i))];

    /// <summary>All of them.</summary>
    public IEnumerable<FuzzedReader> All() => [.. Matrices(), .. Stores(), .. Texts(), .. Models(), .. Dictionaries(), .. Pictures(), .. Sets(), Network()];

    private static FuzzedReader Of(string name, string file, IReadOnlyList<byte[]> valid, Action<string> read) => new(name, file, damages => damages.Damage(damages.Choose(valid), damages.Choose(valid)), read);

    private byte[] Written(Action<string> write, string name = "a")
    {
        write(scratch.File(name));
        return File.ReadAllBytes(scratch.File(name));
    }

    private IEnumerable<FuzzedReader> Matrices()
    {
        byte[] single = Written(path => Npy.Write<float>(path, values, Columns)), twice = Written(path => Npy.Write<double>(path, Array.ConvertAll(values, value => (double)value), Columns));
        byte[] otherOrder = Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(single).Replace("'fortran_order': False", "'fortran_order': True ", StringComparison.Ordinal));
        yield return Of("npy", "a.npy", [single, twice, otherOrder], path =>
        {
            using var matrix = NpyMatrix.Open(path);
            float[] row = new float[matrix.Columns];
            for (long i = 0; i < Math.Min(matrix.Rows, 64); i++) matrix.CopyRows(i, 1, row);
        });
        var rows = new CsrBuilder(Columns);
        rows.Append(values);
        byte[] sparse = Written(path => Npz.Write(path, rows.Build()));
        yield return Of("npz", "a.npz", [sparse], path => Npz.Read(path)) with { Justified = bytes => Deflated * bytes.Length };
        var members = Containers.Unzip(sparse);
        yield return new("members of npz", "a.npz", damages => Containers.Repack(members, damages), path => Npz.Read(path)) { Justified = bytes => Deflated * bytes.Length };

        var writer = new MatWriter();
        byte[] array = writer.Doubles("IMAGES", [8, 8, 2], [.. Enumerable.Range(0, 128).Select(i => Math.Sin(i))]), whole = writer.File(array);
        var bigEndian = new MatWriter(bigEndian: true);
        yield return Of("mat", "a.mat", [whole, writer.File(writer.Compress(array)), bigEndian.File(bigEndian.Doubles("A", [2, 3], 1, 2, 3, 4, 5, 6))], path => MatFile.Read(path)) with { Justified = bytes => Deflated * bytes.Length };
        yield return new("compressed mat", "a.mat", damages => writer.File(writer.Compress(damages.Damage(array, array))), path => MatFile.Read(path)) { Justified = bytes => Deflated * bytes.Length };
        byte[] labels = IdxWriter.File([6], [0, 1, 2, 3, 4, 5]), images = FashionFiles.Images(2, isTest: false);
        yield return Of("idx", "a-ubyte", [labels, images], ReadIdx);
        yield return Of("gzipped idx", "a-ubyte.gz", [IdxWriter.Zip(images), IdxWriter.Zip(labels)], ReadIdx) with { Justified = bytes => Deflated * bytes.Length };
        yield return new("inside gzipped idx", "a-ubyte.gz", damages => IdxWriter.Zip(damages.Damage(images, labels)), ReadIdx) { Justified = bytes => Deflated * bytes.Length };

        static void ReadIdx(string path)
        {
            IdxFile.ReadDimensions(path);
            IdxFile.Read(path);
        }
    }

    private static IEnumerable<FuzzedReader> Stores()
    {
        // Rows are read 16 KiB of float32 at a time, or by blocks that are no longer than the file says and holds.
        const int D = StoreFixture.Columns;
        float[] rows = StoreFixture.Rows(30);
        StoredNumber[] numbers = [StoredNumber.Float16, StoredNumber.Float32, StoredNumber.Float64];
        yield return Of("rows of npy", "rows.npy", [.. numbers.Select(number => StoreFixture.Npy(rows, number, 30, D))], ReadRows);
        byte[][] archives = [.. numbers.SelectMany(number => new[] { CompressionLevel.NoCompression, CompressionLevel.Fastest }.Select(level => StoreFixture.Npz(level, ("x", StoreFixture.Npy(rows, number, 30, D)))))];
        yield return Of("rows of npz", "rows.npz", archives, ReadRows) with { Justified = bytes => Deflated * bytes.Length };
        (string, byte[])[] members = [("x.npy", StoreFixture.Npy(rows, StoredNumber.Float32, 30, D))];
        yield return new("members of rows", "rows.npz", damages => Containers.Repack(members, damages), ReadRows) { Justified = bytes => Deflated * bytes.Length };
        yield return Of("rows of safetensors", "rows.safetensors", [StoreFixture.Safetensors(("x", rows, StoredNumber.BFloat16, [30, D])), StoreFixture.Safetensors(("a", rows, StoredNumber.Float16, [10, 3, D]))], ReadRows);

        using var made = new ScratchFolder();
        StoreFixture.Own(made.File("own"), rows, rowsOfShard: 20);
        StoreFixture.Saev(made.File("saev"), rows, layerIndex: 1);
        foreach (string kind in new[] { "own", "saev" })
        {
            (string Name, byte[] Content)[] files = [.. Directory.GetFiles(made.File(kind)).Order(StringComparer.Ordinal).Select(file => (Path.GetFileName(file), File.ReadAllBytes(file)))];
            foreach (var (name, content) in files.Where(file => !file.Name.EndsWith(".bin", StringComparison.Ordinal)))
                yield return Of($"store of {kind}", Path.Combine(kind, name), [content], path => ReadRows(Path.GetDirectoryName(path)!)) with { Beside = files, Justified = _ => Text * files.Sum(file => file.Content.Length) };
        }

        ColumnarData.Register();
        ParquetFile.Write(made.File("a.parquet"), ArrowFile.Rows(30), 12, nested: false, doubles: false);
        ParquetFile.Write(made.File("b.parquet"), ArrowFile.Rows(30), 4, nested: true, doubles: true);
        // The libraries of these formats believe what a damaged file declares, and give the memory back.
        yield return Of("parquet", "a.parquet", [File.ReadAllBytes(made.File("a.parquet")), File.ReadAllBytes(made.File("b.parquet"))], ReadRows) with { Rarely = true, Justified = _ => LargestDeclared };
        ArrowFile.Write(made.File("a.arrow"), ArrowFile.Rows(30), 12, new ListType(FloatType.Default), asFile: true);
        ArrowFile.Write(made.File("b.arrow"), ArrowFile.Rows(30), 4, new ListType(new FixedSizeListType(HalfFloatType.Default, ArrowFile.Columns)), asFile: false);
        yield return Of("arrow", "a.arrow", [File.ReadAllBytes(made.File("a.arrow")), File.ReadAllBytes(made.File("b.arrow"))], ReadRows) with { Rarely = true, Justified = _ => LargestDeclared };

        static void ReadRows(string source)
        {
            const int Values = 1 << 12;
            using var store = RowStore.Open(source, Path.GetFileName(source) == "saev" ? "7" : "");
            if (store.Columns > Values) return;
            float[] row = new float[store.Columns];
            for (long i = 0; i < Math.Min(store.Rows, 64); i++) store.Read([i], row);
            store.Read([store.Rows - 1], row);
        }
    }

    private static IEnumerable<FuzzedReader> Texts()
    {
        byte[][] experiments = [.. MethodTable.All.Select(method => Encoding.UTF8.GetBytes(ExperimentJson.ToJson(method.Defaults()).ToJsonString()))];
        yield return Of("experiment", "experiment.json", experiments, path => ExperimentJson.Resolve(path, ExperimentJson.ReadObject(path))) with { Justified = bytes => Text * bytes.Length };
        var result = new RunResult { Schedule = "smoke", Variant = "a", Step = 10, Experiment = new(), Metrics = new Dictionary<string, double> { ["objective"] = 1.5 }, Histograms = new Dictionary<string, IReadOnlyList<int>> { ["active"] = [1, 2, 3] } };
        using var folder = new ScratchFolder();
        result.Write(folder.File("result.json"));
        yield return Of("result", "result.json", [File.ReadAllBytes(folder.File("result.json"))], path => RunResult.Read(path)) with { Justified = bytes => Text * bytes.Length };
        yield return Of("metrics", "metrics.csv", ["epoch,step,train.loss,validation.loss\n1,10,0.5,0.25\n2,20,0.25,0.125\n"u8.ToArray()], path => MetricsTable.Read(path)) with { Justified = bytes => Text * bytes.Length };
    }

    private IEnumerable<FuzzedReader> Models()
    {
        byte[][] models = [.. new[] { "thresholded-laplacian", "thresholded-gaussian-gamma", "spike-and-slab", "fista" }.Select(Model)];
        yield return Of("safetensors", "a.safetensors", models, path => Safetensors.Read(path));
        yield return new("model", "a.safetensors", damages => Containers.Checksummed(damages.Damage(damages.Choose(models), damages.Choose(models))), path =>
        {
            using var coder = SparseCoder.Load(path);
            Require(coder.Encode(values.AsSpan(0, coder.Dimension)));
        })
        {
            Justified = bytes => Text * bytes.Length,
        };
        // Tensors of these take megabytes, of which a test has no time for many.
        using var images = new SparseCoder(new() { Images = new(1, 28, 28), Method = "thresholded-gaussian", Atoms = 2, Draws = 2, Epochs = 1, BatchSize = 2, Threads = 1 });
        images.Fit(new float[2 * 28 * 28], 28 * 28);
        byte[] large = Written(images.Save);
        yield return new("model of images", "b.safetensors", damages => Containers.Checksummed(damages.Damage(large, models[0])), path =>
        {
            using var coder = SparseCoder.Load(path);
            Require(coder.Encode(new float[coder.Dimension]));
        })
        {
            Rarely = true,
        };

        byte[] Model(string method)
        {
            using var coder = new SparseCoder(new() { Method = method, Atoms = 3, Epochs = 1, Draws = 2, Threads = 1 });
            coder.Fit(values, Columns);
            return Written(coder.Save);
        }

        static void Require(float[] codes)
        {
            if (!Array.TrueForAll(codes, float.IsFinite)) throw new InvalidOperationException("a code is not finite");
        }
    }

    /// <summary>Dictionaries of other programs: each is imported, and encodes a sample where that takes no solver.</summary>
    private static IEnumerable<FuzzedReader> Dictionaries()
    {
        using var made = new ScratchFolder();
        var coder = ForeignCoder.Of(6, 12, 3);
        string[] classes = ["BatchTopKSAE", "GatedAutoEncoder", "JumpReluAutoEncoder"];
        byte[][] states = [.. classes.Select(name => File.ReadAllBytes(Path.Combine(coder.DictionaryLearning(made.File(name), name), "ae.pt")))];
        // The class is that of the first; those of the others are told by their tensors.
        var settings = (Name: "config.json", Content: File.ReadAllBytes(made.File("BatchTopKSAE/config.json")));
        yield return Of("torch", Path.Combine("torch", "ae.pt"), states, Import) with { Beside = [("ae.pt", states[0]), settings], Justified = Many };
        yield return Of("torch without settings", "ae.pt", states, Import) with { Justified = Many };
        byte[][] pickles = [.. states.Select(state => Containers.Unzip(state).First(member => member.Name.EndsWith(".pkl", StringComparison.Ordinal)).Content)];
        byte[][] storages = [.. Containers.Unzip(states[0]).Where(member => member.Name.Contains("/data/", StringComparison.Ordinal)).Select(member => member.Content)];
        yield return new("pickles", Path.Combine("pickles", "ae.pt"), damages => TorchWriter.Archive(damages.Damage(pickles[0], damages.Choose(pickles)), storages), Import) { Beside = [("ae.pt", states[0]), settings], Justified = Many };
        yield return new("pickles of bytes", "pickle.pt", damages => TorchWriter.Archive([0x80, 2, .. Enumerable.Range(0, 60).Select(_ => damages.Choose(Instructions)), (byte)'.'], storages), Import) { Justified = Many };

        coder.SaeLens(made.File("saelens"), "jumprelu");
        coder.SaeLens(made.File("pursuit"), "matching_pursuit", "\"max_iterations\": 5,");
        coder.Sparsify(made.File("sparsify"), "topk");
        coder.SentenceTransformers(made.File("sentences"));
        foreach (string kind in new[] { "saelens", "pursuit", "sparsify", "sentences" })
        {
            (string Name, byte[] Content)[] files = [.. Directory.GetFiles(made.File(kind)).Order(StringComparer.Ordinal).Select(file => (Path.GetFileName(file), File.ReadAllBytes(file)))];
            foreach (var (name, content) in files)
                yield return Of($"dictionary of {kind}", Path.Combine("foreign " + kind, name), [content], path => Import(Path.GetDirectoryName(path)!)) with { Beside = files, Justified = _ => Text * files.Sum(file => file.Content.Length) };
        }

        byte[] archive = File.ReadAllBytes(Path.Combine(coder.GemmaScope(made.File("gemma")), "params.npz"));
        var members = Containers.Unzip(archive);
        yield return Of("gemma scope", "params.npz", [archive], Import) with { Justified = bytes => Deflated * bytes.Length };
        yield return new("members of gemma scope", "params.npz", damages => Containers.Repack(members, damages), Import) { Justified = bytes => Deflated * bytes.Length };

        static long Many(byte[] bytes) => Text * bytes.Length;

        static void Import(string path)
        {
            using var imported = SparseCoder.Import(path);
            if (imported.DefaultKind == Inference.CodeKind.Encoder) imported.Decode(Array.ConvertAll(imported.Encode(new float[imported.Dimension]), code => float.IsFinite(code) ? code : throw new InvalidOperationException("a code is not finite")));
        }
    }

    // Those that are read, with the numbers 0 to 5.
    private static byte[] Instructions => [.. "(NKMJGX)]}hjqrc0tQaesubR."u8, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x8c, 0x93, 0x94, 0x95, 0, 1, 2, 3, 4, 5];

    private static IEnumerable<FuzzedReader> Pictures()
    {
        const int side = 12;
        byte[] colours = [.. Enumerable.Range(0, side * side * 4).Select(i => (byte)(i * i))];
        byte[] grey = TestImages.EncodeGray(TestImages.Noise(side, side, 1)), coloured = TestImages.Encode(SKColorType.Rgba8888, side, side, colours);
        byte[] jpeg = FaceFiles.Jpeg(1, 32, 24), note = [0xff, 0xe1, 0, 34, .. "Exif\0\0II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0];
        byte[] photograph = [.. jpeg[..2], .. note, .. jpeg[2..]];
        byte[] webp = TestImages.Encode(SKColorType.Rgba8888, side, side, colours, SKEncodedImageFormat.Webp);
        byte[] bitmap = [.. "BM"u8, 58, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 24, .. new byte[28]];
        yield return Picture("png", "a.png", damages => damages.Damage(damages.Choose([grey, coloured]), coloured));
        yield return Picture("chunks of png", "a.png", damages => Containers.Png(damages.Choose([grey, coloured]), damages));
        yield return Picture("jpeg", "a.jpg", damages => damages.Damage(damages.Choose([jpeg, photograph]), photograph));
        yield return Picture("webp", "a.webp", damages => damages.Damage(webp, webp));
        yield return Picture("bmp", "a.png", damages => damages.Damage(bitmap, grey));
    }

    private static FuzzedReader Picture(string name, string file, Func<Damages, byte[]> make)
    {
        byte[] sample = new byte[8 * 8];
        var decoder = new ImageDecoder(new(new(1, 8, 8)));
        return new(name, file, make, path =>
        {
            foreach (var size in ImageFiles.ReadSizes(path))
                foreach (var image in ImageFiles.Read(path))
                    if (image.Height != size.Height || image.Width != size.Width || image.Pixels.Length != size.Height * size.Width) throw new InvalidOperationException("the header and the image have different sizes");
            decoder.Decode(File.ReadAllBytes(path), path, sample);
        })
        {
            Justified = bytes => PerPixel * Pixels(bytes),
        };
    }

    /// <summary>The pixels that a file's header declares, where it is an image that may be so large.</summary>
    private static long Pixels(byte[] bytes)
    {
        try
        {
            var size = ImageFiles.ReadSize(new MemoryStream(bytes), "");
            return (long)size.Height * size.Width;
        }
        catch (InvalidInputException)
        {
            return 0;
        }
    }

    private static IEnumerable<FuzzedReader> Sets()
    {
        using var made = new ScratchFolder();
        FaceFiles.WriteLists(made);
        var lists = Files(made, CelebATables.PartitionFile, CelebATables.AttributeFile);
        foreach (var (name, content) in lists)
            yield return Of("lists of CelebA", Path.Combine("lists", name), [content], path => CelebATables.Read(Path.GetDirectoryName(path)!, [])) with { Beside = lists, Justified = _ => Text * lists.Sum(list => 2 * list.Content.Length) };
        var members = Enumerable.Range(0, 3).Select(image => ("img_align_celeba/" + FaceFiles.Name(image), FaceFiles.Jpeg(image, 16, 12))).ToArray();
        byte[] archive = Containers.Zip(members);
        yield return Of("zip of images", "a.zip", [archive], ReadArchive) with { Justified = bytes => Deflated * bytes.Length };
        yield return new("members of zip", "a.zip", damages => Containers.Repack(members, damages), ReadArchive) { Justified = bytes => Deflated * bytes.Length };

        FashionFiles.Write(made, train: 4, test: 3);
        var fashion = Files(made, "train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte");
        foreach (var (name, content) in fashion)
            yield return Of("fashion-mnist", Path.Combine("fashion", name), [content], ReadFashion) with { Beside = fashion, Justified = bytes => Deflated * bytes.Length + fashion.Sum(file => Deflated * file.Content.Length) };

        static (string Name, byte[] Content)[] Files(ScratchFolder folder, params string[] names) => [.. names.Select(name => (name, File.ReadAllBytes(folder.File(name))))];

        static void ReadArchive(string path)
        {
            var images = new ImageArchive(path);
            using var reader = images.OpenReader();
            var decoder = new ImageDecoder(new(new(3, 8, 8)));
            foreach (var entry in images.Entries) decoder.Decode(reader.Read(entry, images.NameOf(entry)), images.NameOf(entry), new byte[3 * 8 * 8]);
        }

        static void ReadFashion(string path)
        {
            var options = new DataOptions { Source = DataOptions.FashionMnist, Root = Path.GetDirectoryName(path)!, TrainSamples = 3, ValidationSamples = 2 };
            DataSets.Count(options);
            using var split = DataSets.Open(options, 0);
            split.Train.CopyRows([0, 2], new float[2 * split.Train.Dimension]);
        }
    }

    private FuzzedReader Network()
    {
        new OnnxModel().Input("images", 0, 3, 8, 8).Node("GlobalAveragePool", "images", "features").Output("features", 0, 3, 1, 1).Write(scratch.File("model.onnx"));
        byte[] model = File.ReadAllBytes(scratch.File("model.onnx"));
        return new("onnx", "a.onnx", damages => damages.Damage(model, model), Read) { Rarely = true, Justified = bytes => Text * bytes.Length };

        static void Read(string path)
        {
            using var network = OnnxFeatureNetwork.Open(path);
            network.Extract(new float[3 * 8 * 8], new(3, 8, 8));
        }
    }
}
