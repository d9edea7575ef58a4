using System.Text;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Tests.Serialization;

/// <summary>State dicts of torch, and what is no state dict.</summary>
public sealed class TorchFileTests : IDisposable
{
    private static readonly string made = Path.Combine(AppContext.BaseDirectory, "fixtures", "torch");

    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void A_file_that_torch_has_written_is_read()
    {
        var tensors = TorchFile.Read(Path.Combine(made, "ae.pt"));
        Assert.Equal("k I32 [], threshold BF16 [], encoder.weight F32 [5, 3], encoder.bias F64 [5], decoder.weight F32 [3, 5], b_dec F16 [3]", string.Join(", ", tensors.Values.Select(tensor => $"{tensor.Name} {tensor.Form}")));
        Assert.Equal(2, BitConverter.ToInt32(tensors["k"].Read()));
        Assert.Equal(Sines(15, 1), tensors["encoder.weight"].Floats.ToArray());
        Assert.Equal([.. Enumerable.Range(0, 5).Select(i => Math.Sin(2 + i))], tensors["encoder.bias"].Doubles.ToArray());
        // Saved as the transpose of [5, 3].
        float[] decoder = Sines(15, 3);
        Assert.Equal([.. Enumerable.Range(0, 15).Select(i => decoder[i % 5 * 3 + i / 5])], tensors["decoder.weight"].Floats.ToArray());
        // Every other value of six, from the second on.
        Assert.Equal([.. new[] { 1, 3, 5 }.Select(i => (Half)(float)Math.Sin(4 + i))], System.Runtime.InteropServices.MemoryMarshal.Cast<byte, Half>(tensors["b_dec"].Read()).ToArray());
    }

    [Fact]
    public void Its_dictionary_is_imported()
    {
        using var coder = SparseCoder.Import(made);
        float[] encoder = Sines(15, 1), x = [0.5f, -1, 2], code = coder.Encode(x);
        for (int i = 0; i < 5; i++)
        {
            double h = Math.Sin(2 + i) + Enumerable.Range(0, 3).Sum(j => encoder[i * 3 + j] * (x[j] - (double)(Half)(float)Math.Sin(4 + 2 * j + 1)));
            Assert.Equal(h > 0.25 ? h : 0, code[i], 1e-6);
        }
        Assert.Equal(2, coder.Experiment.Sparsity.Active);
    }

    /// <summary>Pickles that would do something, or are no state dict, and what is said of them.</summary>
    public static TheoryData<string, string> Refused => new()
    {
        { "\u0080\u0002cos\nsystem\nX\u0004\0\0\0ls /\u0085R.", "'os.system'" },
        { "\u0080\u0002cbuiltins\neval\nX\u0001\0\0\0" + "1\u0085R.", "'builtins.eval'" },
        { "\u0080\u0002c__builtin__\ngetattr\n.", "'__builtin__.getattr'" },
        { "\u0080\u0004\u008c\u0005posix\u008c\u0006system\u0093.", "'posix.system'" },
        { "\u0080\u0002ctorch.nn.modules.linear\nLinear\n)\u0081.", "'torch.nn.modules.linear.Linear'" },
        { "\u0080\u0002ctorch\nFloatStorage\n)R.", "calls something" },
        { "\u0080\u0002X\u0001\0\0\0aX\u0001\0\0\0bR.", "calls something" },
        { "\u0080\u0002(S'x'\n.", "0x53" },
        { "\u0080\u0002(icollections\nOrderedDict\n.", "0x69" },
        { "\u0080\u0002)\u0081.", "0x81" },
        { "\u0080\u0002]q\0h\0a.", "a list" },
        { "\u0080\u0002K\u0001.", "a number" },
        { "\u0080\u0002}X\u0001\0\0\0aK\u0001s.", "'a' is a number" },
        { "\u0080\u0002}}h\u0005s.", "damaged" },
        { "\u0080\u0002R.", "damaged" },
        { "\u0080\u0002.", "damaged" },
        { "\u0080\u0002(.", "something else" },
        { "\u0080\u0002(\u0085.", "damaged" },
        { "\u0080\u0002X\u00ff\u00ff\u00ff\u007fa.", "ends before" },
        { "\u0080\u0001}.", "protocol" },
        { "}.", "protocol" },
        { "", "protocol" },
        { "\u0080\u0002}", "ends before" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_is_no_state_dict_is_refused_in_one_line(string pickle, string said)
    {
        string path = scratch.Write("ae.pt", TorchWriter.Archive(Encoding.Latin1.GetBytes(pickle)));
        Assert.Contains(said, Message(path), StringComparison.Ordinal);
    }

    [Fact]
    public void Tensors_that_go_beyond_their_storage_are_refused()
    {
        byte[] pickle = TorchWriter.Pickle(("a", new float[4], [2, 2]));
        Assert.Equal(4, TorchFile.Read(scratch.Write("ae.pt", TorchWriter.Archive(pickle, new byte[16])))["a"].Floats.Length);
        Assert.Contains("16", Message(scratch.Write("ae.pt", TorchWriter.Archive(pickle, new byte[12]))), StringComparison.Ordinal);
        Assert.Contains("missing", Message(scratch.Write("ae.pt", TorchWriter.Archive(pickle))), StringComparison.Ordinal);
        // More elements than there are, or lengths that no tensor has.
        foreach (long[] shape in new long[][] { [2, 3], [int.MaxValue, int.MaxValue], [int.MaxValue, 0] })
            Assert.Contains("tensor 'a' of shape", Message(scratch.Write("ae.pt", TorchWriter.Archive(TorchWriter.Pickle(("a", new float[4], shape)), new byte[16]))), StringComparison.Ordinal);
    }

    [Fact]
    public void Other_containers_are_named()
    {
        Assert.Contains("before 1.6", Message(scratch.Write("ae.pt", [0x80, 2, (byte)'.'])), StringComparison.Ordinal);
        Assert.Contains("not a file of torch.save", Message(scratch.Write("ae.pt", "text"u8.ToArray())), StringComparison.Ordinal);
        Assert.Contains("data.pkl", Message(scratch.Write("ae.pt", Data.StoreFixture.Npz(System.IO.Compression.CompressionLevel.NoCompression, ("a", [1])))), StringComparison.Ordinal);
        Assert.Contains("no such file", Message(scratch.File("nowhere.pt")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_pickle_that_remembers_itself_is_refused()
    {
        // A dict that holds itself, and a tuple of two of the one before it, thirty times over.
        string nested = "\u0080\u0002]q\0" + string.Concat(Enumerable.Range(0, 30).Select(i => $"h{(char)i}h{(char)i}\u0086q{(char)(i + 1)}")) + ".";
        Assert.Contains("a tuple", Message(scratch.Write("ae.pt", TorchWriter.Archive(Encoding.Latin1.GetBytes(nested)))), StringComparison.Ordinal);
        Assert.Contains("a dict", Message(scratch.Write("ae.pt", TorchWriter.Archive(Encoding.Latin1.GetBytes("\u0080\u0002}q\0X\u0001\0\0\0ah\0s.")))), StringComparison.Ordinal);
    }

    private static float[] Sines(int count, double first) => [.. Enumerable.Range(0, count).Select(i => (float)Math.Sin(first + i))];

    private static string Message(string path)
    {
        string message = Assert.Throws<InvalidInputException>(() => TorchFile.Read(path)).Message;
        Assert.DoesNotContain('\n', message);
        return message;
    }
}
