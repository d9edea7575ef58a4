using Microsoft.ML.Tokenizers;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Onnx.Collecting;

/// <summary>The tokens of BERT and its kin: words and parts of words of a vocabulary, between [CLS] and [SEP].</summary>
internal sealed class WordPiece
{
    /// <summary>Tokens that every text has, and those around it: [CLS] before, [SEP] behind.</summary>
    public const int SpecialTokens = 2;

    private readonly string[] vocabulary;
    private readonly BertTokenizer tokenizer;

    private WordPiece(string[] vocabulary, BertTokenizer tokenizer) => (this.vocabulary, this.tokenizer) = (vocabulary, tokenizer);

    /// <summary>Opens a vocabulary.</summary>
    /// <param name="path">The file, one token a line; a token's number is that of its line, from 0.</param>
    /// <param name="isCased">Whether capitals and accents are kept, as cased models want.</param>
    /// <exception cref="InvalidInputException">The file is missing, or no such vocabulary.</exception>
    public static WordPiece Open(string path, bool isCased)
    {
        string[] vocabulary = InputFile.ReadLines(path);
        try
        {
            using var stream = new MemoryStream(InputFile.ReadBytes(path));
            var options = new BertOptions { LowerCaseBeforeTokenization = !isCased, RemoveNonSpacingMarks = !isCased };
            return new(vocabulary, BertTokenizer.Create(stream, options));
        }
        catch (Exception failure) when (failure is ArgumentException or InvalidDataException or InvalidOperationException or KeyNotFoundException)
        {
            throw InputFile.Malformed(path, $"this is no vocabulary of tokens ({failure.Message.ReplaceLineEndings(" ")})", "name the vocab.txt of the model: one token a line, [UNK], [CLS] and [SEP] among them", failure);
        }
    }

    /// <summary>Returns the numbers of a text's tokens.</summary>
    /// <param name="text">The text.</param>
    /// <param name="most">Tokens at most, special ones included; what is behind them is cut off.</param>
    public int[] Encode(string text, int most)
    {
        // The tokenizer takes away line breaks and tabs as control characters, and joins the words beside them; BERT reads them as spaces.
        string spaced = text.AsSpan().ContainsAny('\n', '\r', '\t') ? text.Replace('\n', ' ').Replace('\r', ' ').Replace('\t', ' ') : text;
        var words = tokenizer.EncodeToIds(spaced, addSpecialTokens: false);
        return [tokenizer.ClassificationTokenId, .. words.Take(most - SpecialTokens), tokenizer.SeparatorTokenId];
    }

    /// <summary>Returns a token as it stands in the vocabulary.</summary>
    /// <param name="id">Its number.</param>
    public string Token(int id) => vocabulary[id];
}
