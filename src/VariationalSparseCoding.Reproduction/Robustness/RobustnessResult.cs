using System.Text.Json;
using System.Text.Json.Serialization;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Reproduction.Robustness;

/// <summary>What default settings made of a data set.</summary>
internal sealed record RobustnessResult
{
    private const double LeastExplained = -0.01;

    private static readonly JsonSerializerOptions json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        RespectNullableAnnotations = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>Name of the <see cref="RobustnessSet"/>.</summary>
    public required string Set { get; init; }

    /// <summary>Name of the method.</summary>
    public required string Method { get; init; }

    /// <summary>Seed of data and training.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Steps of the training.</summary>
    public long Steps { get; init; }

    /// <summary>Why the data were refused before the training began; null if they were not.</summary>
    public string? Refusal { get; init; }

    /// <summary>Why the training gave no model; null if it did, or never began.</summary>
    public string? Failure { get; init; }

    /// <summary>What the coder noted.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>How often the training went back to a former state.</summary>
    public int BackOffs { get; init; }

    /// <summary>The terms of the last step's loss.</summary>
    public IReadOnlyDictionary<string, double> Terms { get; init; } = new Dictionary<string, double>();

    /// <summary>1 - ||x - x'||^2 / ||x||^2 over held-out rows in standardised values, x' being what the default code stands for: 0 for codes that are all 0.</summary>
    public double ExplainedVariance { get; init; }

    /// <summary>The share of features that are not 0 in these codes.</summary>
    public double ActiveFraction { get; init; }

    /// <summary>The number of atoms that none of these codes uses.</summary>
    public int DeadAtoms { get; init; }

    /// <summary>Whether dictionary, codes and what they stand for are finite.</summary>
    public bool IsFinite { get; init; }

    /// <summary>Whether a note says that nothing was learned.</summary>
    public bool SaysNothingLearned => Notes.Any(note => note.Contains("nothing was learned", StringComparison.Ordinal));

    /// <summary>Returns what is wrong with the result; null if nothing is.</summary>
    /// <param name="isStructured">Whether there was something to learn.</param>
    public string? Fault(bool isStructured)
    {
        if (Failure is not null) return Failure;
        // There is nothing to learn from, and a line says so.
        if (Refusal is not null) return isStructured ? Refusal : null;
        if (!IsFinite) return "NaN or Infinity";
        if (isStructured) return ExplainedVariance > 0 ? null : "nothing explained";
        return ExplainedVariance >= LeastExplained || SaysNothingLearned ? null : "worse than codes of 0, and nothing says so";
    }

    /// <summary>Writes the result whole.</summary>
    /// <param name="path">The file.</param>
    public void Write(string path) => AtomicFile.WriteText(path, JsonSerializer.Serialize(this, json) + "\n");

    /// <summary>Reads a result.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidInputException">The file cannot be read or is not a result.</exception>
    public static RobustnessResult Read(string path)
    {
        try
        {
            return InputFile.Read(path, stream => JsonSerializer.Deserialize<RobustnessResult>(stream, json)) ?? throw new JsonException("null");
        }
        catch (JsonException error)
        {
            throw new InvalidInputException($"{path}: is not a readable result; delete it to make the run again.", error);
        }
    }
}
