using System.Numerics;
using System.Text.Json.Nodes;
using Microsoft.ML.OnnxRuntime;
using VariationalSparseCoding.Data;

namespace VariationalSparseCoding.Onnx.Collecting;

/// <summary>Texts for models that take numbers of tokens (input_ids, and attention_mask and token_type_ids where they have them).</summary>
internal sealed class TextInput : CollectionInput
{
    private const string Ids = "input_ids", Mask = "attention_mask", Types = "token_type_ids";
    private const int MostTextsPerWindow = 1024;

    private readonly TextFile texts;
    private readonly WordPiece tokens;
    private readonly TextInputOptions options;
    private bool hasMask, hasTypes, isLong;

    /// <summary>Opens texts. The file is read once, to count them.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="options">How they become tokens.</param>
    /// <exception cref="InvalidInputException">A file is missing or damaged, or there are no texts.</exception>
    public TextInput(TextFile texts, TextInputOptions options)
    {
        (this.texts, this.options) = (texts, options);
        tokens = WordPiece.Open(options.Vocabulary, options.IsCased);
        Count = texts.Read().Count();
        if (Count == 0) throw new InvalidInputException($"{texts.Path}: there is no text in it; name a file of texts.");
        Description = new()
        {
            ["kind"] = "text",
            ["file"] = Path.GetFileName(texts.Path),
            ["sha256"] = FileHash.Of(texts.Path),
            ["column"] = texts.Column,
            ["labelColumn"] = texts.LabelColumn,
            ["vocabulary"] = FileHash.Of(options.Vocabulary),
            ["cased"] = options.IsCased,
            ["mostTokens"] = options.MostTokens,
            ["specialTokens"] = options.KeepsSpecialTokens,
            ["batchSize"] = options.BatchSize,
        };
    }

    /// <inheritdoc/>
    public override int Count { get; }

    /// <inheritdoc/>
    public override string Noun => "texts";

    /// <inheritdoc/>
    public override JsonObject Description { get; }

    /// <inheritdoc/>
    public override RowColumns Columns => new("text_index", "text", HasTokens: true, HasLabels: texts.LabelColumn is not null);

    /// <inheritdoc/>
    public override void Bind(ActivationModel model)
    {
        string[] unknown = [.. model.Inputs.Keys.Except([Ids, Mask, Types])];
        if (!model.Inputs.ContainsKey(Ids) || unknown.Length > 0)
            throw Unfit($"its inputs are {string.Join(", ", model.Inputs.Keys)}, where {Ids} and perhaps {Mask} and {Types} are given");
        foreach (var (name, input) in model.Inputs)
            if (!input.IsTensor || input.ElementType != typeof(long) && input.ElementType != typeof(int) || input.ElementType != model.Inputs[Ids].ElementType || input.Dimensions is not [<= 0, <= 0])
                throw Unfit($"its input {name} is of {input.ElementType.Name} [{string.Join(", ", TensorShapes.Declared(input))}], where Int64 or Int32 [texts, tokens] of free size is given");
        (hasMask, hasTypes, isLong) = (model.Inputs.ContainsKey(Mask), model.Inputs.ContainsKey(Types), model.Inputs[Ids].ElementType == typeof(long));

        InvalidInputException Unfit(string cause) => new($"{model.Path}: the model takes no texts: {cause}; export it with such inputs.");
    }

    /// <inheritdoc/>
    public override IEnumerable<InputWindow> Windows(int mostPositions)
    {
        List<int[]> window = [];
        int positions = 0;
        foreach (var (_, text, _) in texts.Read())
        {
            int[] ids = tokens.Encode(text, options.MostTokens);
            if (window.Count > 0 && (window.Count == MostTextsPerWindow || positions + ids.Length > mostPositions))
            {
                yield return new Window(this, window);
                (window, positions) = ([], 0);
            }
            window.Add(ids);
            positions += ids.Length;
        }
        yield return new Window(this, window);
    }

    /// <inheritdoc/>
    public override IEnumerable<RowNote> Notes(Func<Positions?, Positions> rowsOf)
    {
        foreach (var (index, text, label) in texts.Read())
        {
            int[] ids = tokens.Encode(text, options.MostTokens);
            var rows = rowsOf(Kept(ids));
            for (int row = 0; row < rows.Count; row++) yield return new(index, text, tokens.Token(ids[rows.First + row]), rows.First + row, label);
        }
    }

    private Positions Kept(int[] ids) => options.KeepsSpecialTokens ? new(0, ids.Length) : new(1, ids.Length - WordPiece.SpecialTokens);

    private InputBatch Batch(IReadOnlyList<int[]> texts, int[] places) => isLong ? Batch<long>(texts, places) : Batch<int>(texts, places);

    private InputBatch Batch<T>(IReadOnlyList<int[]> texts, int[] places) where T : unmanaged, INumber<T>
    {
        int length = places.Max(place => texts[place].Length);
        T[] ids = new T[places.Length * length], mask = new T[ids.Length];
        for (int row = 0; row < places.Length; row++)
        {
            int[] text = texts[places[row]];
            for (int position = 0; position < text.Length; position++) (ids[row * length + position], mask[row * length + position]) = (T.CreateChecked(text[position]), T.One);
        }
        long[] shape = [places.Length, length];
        Dictionary<string, OrtValue> values = new() { [Ids] = OrtValue.CreateTensorValueFromMemory(ids, shape) };
        if (hasMask) values[Mask] = OrtValue.CreateTensorValueFromMemory(mask, shape);
        if (hasTypes) values[Types] = OrtValue.CreateTensorValueFromMemory(new T[ids.Length], shape);
        return new(places, values, length);
    }

    /// <summary>Texts of a window, given to the model sorted by length, so that little is padded.</summary>
    private sealed class Window(TextInput input, IReadOnlyList<int[]> texts) : InputWindow
    {
        public override int Count => texts.Count;

        public override Positions? Kept(int place) => input.Kept(texts[place]);

        public override IEnumerable<InputBatch> Batches()
        {
            int[] sorted = [.. Enumerable.Range(0, texts.Count).OrderBy(place => texts[place].Length)];
            for (int first = 0; first < sorted.Length;)
            {
                int end = Math.Min(sorted.Length, first + input.options.BatchSize);
                // Without a mask the model would read the padding.
                if (!input.hasMask)
                    while (texts[sorted[end - 1]].Length > texts[sorted[first]].Length) end--;
                yield return input.Batch(texts, sorted[first..end]);
                first = end;
            }
        }
    }
}
