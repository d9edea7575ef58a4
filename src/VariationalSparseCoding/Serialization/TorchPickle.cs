using System.Buffers.Binary;
using System.Text;

namespace VariationalSparseCoding.Serialization;

/// <summary>
/// The part of Python's pickle format (protocols 2 to 5) that a state dict needs: numbers, texts, tuples, lists and dicts, ordered dicts, and the functions that rebuild a tensor from a
/// storage. It is read as data: of Python's objects only those of <see cref="Name"/> may be named, and whatever else stands in a file is refused by its name.
/// </summary>
internal sealed class TorchPickle
{
    /// <summary>The byte that a pickle of these protocols begins with.</summary>
    public const byte Beginning = 0x80;

    private const int MostDimensions = 32, LargestProtocol = 5;

    private static readonly Dictionary<string, Name> names = new(StringComparer.Ordinal)
    {
        ["collections.OrderedDict"] = new OrderedDict(),
        ["torch._utils._rebuild_tensor"] = new Rebuild(4),
        ["torch._utils._rebuild_tensor_v2"] = new Rebuild(6),
        ["torch._utils._rebuild_parameter"] = new Parameter(),
        ["torch.DoubleStorage"] = new StorageClass(SafetensorsType.F64),
        ["torch.FloatStorage"] = new StorageClass(SafetensorsType.F32),
        ["torch.HalfStorage"] = new StorageClass(SafetensorsType.F16),
        ["torch.BFloat16Storage"] = new StorageClass(SafetensorsType.BF16),
        ["torch.LongStorage"] = new StorageClass(SafetensorsType.I64),
        ["torch.IntStorage"] = new StorageClass(SafetensorsType.I32),
        ["torch.ByteStorage"] = new StorageClass(SafetensorsType.U8),
        ["torch.BoolStorage"] = new StorageClass(SafetensorsType.Bool),
    };

    private readonly byte[] bytes;
    private readonly string source;
    private readonly Stack<object?> stack = [];
    private readonly Dictionary<uint, object?> memo = [];
    private int place;

    private TorchPickle(byte[] bytes, string source) => (this.bytes, this.source) = (bytes, source);

    /// <summary>Reads the description of a state dict.</summary>
    /// <param name="bytes">The pickle.</param>
    /// <param name="source">How messages name the file.</param>
    /// <returns>The tensors by name, in order.</returns>
    /// <exception cref="InvalidInputException">The pickle is damaged, or holds anything but tensors by name.</exception>
    public static IReadOnlyList<(string Name, TorchTensor Tensor)> Read(byte[] bytes, string source)
    {
        var reader = new TorchPickle(bytes, source);
        try
        {
            return reader.StateDict(reader.Run());
        }
        // A stack without what an instruction takes from it.
        catch (InvalidOperationException failure)
        {
            throw InputFile.Malformed(source, "its pickle is damaged", "copy or save it again", failure);
        }
    }

    private List<(string, TorchTensor)> StateDict(object? value)
    {
        if (value is not Dict dict) throw TorchFile.Malformed(source, $"it holds {Describe(value)} where a state dict is wanted");
        var tensors = new List<(string, TorchTensor)>();
        foreach (var (key, item) in dict.Items)
        {
            if (key is not string name) throw TorchFile.Malformed(source, $"it names a tensor by {Describe(key)}");
            tensors.Add((name, item as TorchTensor ?? throw TorchFile.Malformed(source, $"'{name}' is {Describe(item)}, and not a tensor")));
        }
        return tensors;
    }

    private object? Run()
    {
        if (bytes.Length < 2 || bytes[0] != Beginning || bytes[1] is < 2 or > LargestProtocol) throw TorchFile.Malformed(source, "its pickle is of another protocol than 2 to 5");
        place = 2;
        while (true)
        {
            byte instruction = Byte();
            if (instruction == (byte)'.') return stack.Pop();
            if (!Push(instruction) && !Combine(instruction)) throw Refused($"its pickle has the instruction 0x{instruction:x2}, which no state dict needs");
        }
    }

    /// <summary>Does an instruction that puts one value on the stack, or remembers the one that is there.</summary>
    private bool Push(byte instruction)
    {
        switch ((char)instruction)
        {
            case '(': stack.Push(Mark.Instance); break;
            case 'N': stack.Push(null); break;
            case '\x88': stack.Push(true); break;
            case '\x89': stack.Push(false); break;
            case 'K': stack.Push((long)Byte()); break;
            case 'M': stack.Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2))); break;
            case 'J': stack.Push((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4))); break;
            case '\x8a': stack.Push(Long(Take(Byte()))); break;
            case 'G': stack.Push(BinaryPrimitives.ReadDoubleBigEndian(Take(8))); break;
            case 'X': stack.Push(Text(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)))); break;
            case '\x8c': stack.Push(Text(Byte())); break;
            case ')': stack.Push(Array.Empty<object?>()); break;
            case ']': stack.Push(new Items()); break;
            case '}': stack.Push(new Dict()); break;
            case 'h': stack.Push(Remembered(Byte())); break;
            case 'j': stack.Push(Remembered(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)))); break;
            case 'q': memo[Byte()] = stack.Peek(); break;
            case 'r': memo[BinaryPrimitives.ReadUInt32LittleEndian(Take(4))] = stack.Peek(); break;
            case '\x94': memo[(uint)memo.Count] = stack.Peek(); break;
            // The length of a frame of protocol 4, whose bytes follow as they are.
            case '\x95': Take(8); break;
            case 'c': stack.Push(Named(Line(), Line())); break;
            default: return false;
        }
        return true;
    }

    /// <summary>Does an instruction that puts values of the stack together.</summary>
    private bool Combine(byte instruction)
    {
        switch ((char)instruction)
        {
            case '0': stack.Pop(); break;
            case '\x85': stack.Push(Popped(1)); break;
            case '\x86': stack.Push(Popped(2)); break;
            case '\x87': stack.Push(Popped(3)); break;
            case 't': stack.Push(UntilMark()); break;
            case '\x93': stack.Push(Popped(2) is [string module, string member] ? Named(module, member) : throw Refused("its pickle is damaged")); break;
            case 'Q': stack.Push(Storage(stack.Pop())); break;
            case 'a':
                {
                    object?[] added = Popped(1);
                    Top<Items>().Values.AddRange(added);
                    break;
                }
            case 'e':
                {
                    object?[] added = UntilMark();
                    Top<Items>().Values.AddRange(added);
                    break;
                }
            case 's': Set(Popped(2)); break;
            case 'u': Set(UntilMark()); break;
            // The attributes of an ordered dict, such as the versions of a model's parts.
            case 'b':
                stack.Pop();
                Top<Dict>();
                break;
            case 'R':
                {
                    object? arguments = stack.Pop(), called = stack.Pop();
                    stack.Push(called is Name name && arguments is object?[] given && name.Call(given) is { } made ? made : throw Refused("its pickle calls something in a way that no state dict does"));
                    break;
                }
            default: return false;
        }
        return true;
    }

    private Name Named(string module, string name) => names.TryGetValue($"{module}.{name}", out var known) ? known
        : throw Refused($"its pickle names the Python object '{module}.{name}', which is not part of a tensor, and nothing was executed");

    private TorchStorage Storage(object? id) =>
        id is object?[] and ["storage", StorageClass kind, string key, string, long count] && count >= 0 && count <= long.MaxValue / sizeof(double) ? new(key, kind.Type, count)
        : throw Refused("its pickle names a storage in a form that is not known");

    private object? Remembered(uint key) => memo.TryGetValue(key, out object? value) ? value : throw Refused("its pickle is damaged");

    private T Top<T>() where T : class => stack.Peek() as T ?? throw Refused($"its pickle changes {Describe(stack.Peek())}");

    private void Set(object?[] pairs)
    {
        if (pairs.Length % 2 != 0) throw Refused("its pickle is damaged");
        var dict = Top<Dict>();
        for (int i = 0; i < pairs.Length; i += 2) dict.Items.Add((pairs[i], pairs[i + 1]));
    }

    private object?[] Popped(int count)
    {
        object?[] values = new object?[count];
        for (int i = count - 1; i >= 0; i--) values[i] = stack.Pop();
        return Array.IndexOf(values, Mark.Instance) < 0 ? values : throw Refused("its pickle is damaged");
    }

    private object?[] UntilMark()
    {
        var values = new List<object?>();
        for (object? value = stack.Pop(); value != Mark.Instance; value = stack.Pop()) values.Add(value);
        values.Reverse();
        return [.. values];
    }

    private byte Byte() => Take(1)[0];

    private ReadOnlySpan<byte> Take(uint count)
    {
        if (count > bytes.Length - place) throw new EndOfStreamException();
        var taken = bytes.AsSpan(place, (int)count);
        place += (int)count;
        return taken;
    }

    private string Text(uint length) => Encoding.UTF8.GetString(Take(length));

    private string Line()
    {
        int length = bytes.AsSpan(place).IndexOf((byte)'\n');
        if (length < 0) throw new EndOfStreamException();
        string line = Text((uint)length);
        place++;
        return line;
    }

    private long Long(ReadOnlySpan<byte> digits)
    {
        if (digits.Length > sizeof(long)) throw Refused("its pickle has a number of more than 64 bits");
        long value = digits.Length > 0 && (sbyte)digits[^1] < 0 ? -1 : 0;
        for (int i = digits.Length - 1; i >= 0; i--) value = value << 8 | digits[i];
        return value;
    }

    private InvalidInputException Refused(string cause) => TorchFile.Malformed(source, cause);

    private static string Describe(object? value) => value switch
    {
        null => "None",
        string => "a text",
        long or double or bool => "a number",
        TorchTensor => "a tensor",
        Dict => "a dict",
        Items => "a list",
        object?[] => "a tuple",
        _ => "something else",
    };

    private static long[]? Lengths(object? value)
    {
        if (value is not object?[] { Length: <= MostDimensions } items) return null;
        long[] lengths = new long[items.Length];
        for (int i = 0; i < items.Length; i++)
        {
            if (items[i] is not (long and >= 0 and var length)) return null;
            lengths[i] = (long)length;
        }
        return lengths;
    }

    private sealed class Mark
    {
        public static readonly Mark Instance = new();
    }

    private sealed class Items
    {
        public List<object?> Values { get; } = [];
    }

    private sealed class Dict
    {
        public List<(object? Key, object? Value)> Items { get; } = [];
    }

    /// <summary>An object of Python's that may be named.</summary>
    private abstract class Name
    {
        /// <summary>Returns what its call with arguments describes; null if it is not called so.</summary>
        public virtual object? Call(object?[] arguments) => null;
    }

    private sealed class StorageClass(SafetensorsType type) : Name
    {
        public SafetensorsType Type => type;
    }

    private sealed class OrderedDict : Name
    {
        public override object? Call(object?[] arguments) => arguments.Length == 0 ? new Dict() : null;
    }

    /// <summary>(storage, offset, shape, strides) and whether there is a gradient, with hooks.</summary>
    private sealed class Rebuild(int least) : Name
    {
        public override object? Call(object?[] arguments) =>
            arguments.Length >= least && arguments is [TorchStorage storage, long and >= 0 and var offset, var shape, var strides, ..]
            && Lengths(shape) is { } lengths && Lengths(strides) is { } steps && lengths.Length == steps.Length ? new TorchTensor(storage, (long)offset, lengths, steps) : null;
    }

    /// <summary>(tensor, whether there is a gradient, hooks).</summary>
    private sealed class Parameter : Name
    {
        public override object? Call(object?[] arguments) => arguments is [TorchTensor tensor, ..] ? tensor : null;
    }
}
