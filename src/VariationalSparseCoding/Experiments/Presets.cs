using System.Text.Json.Nodes;

namespace VariationalSparseCoding.Experiments;

/// <summary>An experiment that comes with the library: a file of experiments/ under a name.</summary>
internal sealed class Preset
{
    internal Preset(string name, string summary) => (Name, Summary) = (name, summary);

    /// <summary>Name on the command line, and of the file.</summary>
    public string Name { get; }

    /// <summary>One line for help texts.</summary>
    public string Summary { get; }

    /// <summary>Returns the settings that differ from the method's defaults, as a copy to which the caller may add further layers.</summary>
    public JsonObject Layer()
    {
        string file = $"experiments/{Name}.json";
        using var stream = typeof(Preset).Assembly.GetManifestResourceStream(file)!;
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return ExperimentJson.ParseObject(file, copy.ToArray());
    }

    /// <summary>Returns the whole experiment, under its own method and fidelity or others.</summary>
    /// <param name="method">A known method; null for the preset's own.</param>
    /// <param name="fidelity">A fidelity; null for the preset's own.</param>
    internal Experiment Resolve(string? method = null, Fidelity? fidelity = null)
    {
        var others = new JsonObject();
        if (method is not null) others["method"] = method;
        if (fidelity is { } side) others["fidelity"] = ExperimentJson.Name(side);
        return ExperimentJson.Resolve(Name, Layer(), others);
    }
}

/// <summary>The table of presets.</summary>
internal static class Presets
{
    /// <summary>A dictionary of natural images by the default method: the run that is trained unless another is named.</summary>
    public static Preset Quick { get; } = new("quick", "the default method on the embedded images, about two minutes on two cores");

    /// <summary>Codes for the sparse-coding objective 1/2||x - Az||^2 + lambda ||z||_1: the posterior's mean is below the all-zero code on it, and after as many FISTA steps below codes that start at zero.</summary>
    public static Preset SparseCoding { get; } = new("sparse-coding", "codes worth using by 1/2||x-Az||^2 + lambda||z||_1: the posterior's mean, alone or refined by a few FISTA steps");

    /// <summary>A convolutional generator of Fashion-MNIST, as in the paper's section 4.2.</summary>
    public static Preset FashionMnist { get; } = new("fashion-mnist", "a convolutional generator of Fashion-MNIST (28 x 28, grey), the paper's 300 epochs: take fewer epochs and images on a processor");

    /// <summary>A convolutional generator of CelebA, as in the paper's section 4.2.</summary>
    public static Preset CelebA { get; } = new("celeba", "a convolutional generator of CelebA (64 x 64, colour), the paper's 300 epochs: made for a GPU");

    /// <summary>All presets.</summary>
    public static IReadOnlyList<Preset> All { get; } = [Quick, SparseCoding, FashionMnist, CelebA];

    /// <summary>Returns the preset of a name.</summary>
    /// <param name="name">A <see cref="Preset.Name"/>.</param>
    /// <exception cref="InvalidInputException">There is none.</exception>
    public static Preset Parse(string name) => All.FirstOrDefault(preset => preset.Name == name)
        ?? throw new InvalidInputException($"unknown preset '{name}'{Spelling.Suggestion(name, All.Select(preset => preset.Name))}");
}
