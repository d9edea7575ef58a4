using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Exchange;

/// <summary>The files of another program's dictionaries. A new one takes a subclass and a row of <see cref="CoderFormats"/>.</summary>
internal abstract class CoderFormat
{
    /// <summary>The name by which a person asks for it.</summary>
    public abstract string Name { get; }

    /// <summary>What its dictionaries are called in texts.</summary>
    public abstract string Title { get; }

    /// <summary>The file of the weights, by which a folder is recognised; null if such dictionaries are single files of any name.</summary>
    public virtual string? WeightsFile => null;

    /// <summary>The ending of files that are taken for this format if their names say nothing else; null if none are.</summary>
    public virtual string? FileEnding => null;

    /// <summary>Whether a file whose name fits is of this format.</summary>
    /// <param name="weights">The file.</param>
    public virtual bool Recognises(string weights) => true;

    /// <summary>Reads a dictionary.</summary>
    /// <param name="weights">The file of its weights; settings lie beside it.</param>
    /// <exception cref="InvalidInputException">A file is missing or damaged, or its arithmetic cannot be represented.</exception>
    public abstract SharedCoder Read(string weights);

    /// <summary>The settings that lie beside the weights.</summary>
    /// <param name="weights">The file of the weights.</param>
    /// <param name="name">The name of the settings' file.</param>
    protected static string Beside(string weights, string name) => Path.Combine(Path.GetDirectoryName(Path.GetFullPath(weights))!, name);

    /// <summary>An encoder and a dictionary as matrices, W_enc [D, d] and W_dec [d, D], with their biases b_enc [d] and b_dec [D]; of a JumpReLU autoencoder.</summary>
    /// <param name="tensors">The tensors.</param>
    protected static SharedCoder Matrices(SharedTensors tensors)
    {
        var (features, dimension) = tensors.SizeOf("W_dec");
        return new(GateKind.JumpRelu, dimension, features, tensors.Take("W_dec", features, dimension), tensors.Take("b_dec", dimension))
        {
            Encoder = tensors.TakeTransposed("W_enc", dimension, features),
            Bias = tensors.Take("b_enc", features),
        };
    }

    /// <summary>The refusal of arithmetic that codes of a sample alone cannot have here.</summary>
    /// <param name="source">The file.</param>
    /// <param name="what">What it asks for.</param>
    internal static InvalidInputException Unrepresentable(string source, string what) => new(PrintableText.Of($"{source}: {what}; it was not imported"));
}
