using VariationalSparseCoding.Data;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.MapInference;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Inference;

/// <summary>What a run learns, with what is needed to use it: codes of samples and samples of codes, whatever computes them. Samples are as the preprocessing leaves them.</summary>
/// <param name="experiment">The run's description.</param>
/// <param name="preprocessing">What was done to the samples before the model saw them.</param>
internal abstract class SparseCodingModel(Experiment experiment, Preprocessing preprocessing) : IDisposable
{
    /// <summary>The run's description.</summary>
    public Experiment Experiment { get; } = experiment;

    /// <summary>What was done to the samples before the model saw them.</summary>
    public Preprocessing Preprocessing { get; } = preprocessing;

    /// <summary>D.</summary>
    public int Dimension => Preprocessing.Dimension;

    /// <summary>d.</summary>
    public int Atoms => Experiment.Generator.Atoms;

    /// <summary>Whether samples are A z.</summary>
    public bool HasDictionary => Experiment.Generator.Kind == GeneratorKind.Linear;

    /// <summary>c, [D], if samples are A z + c: what the code 0 stands for. Empty if it is 0.</summary>
    public virtual ReadOnlySpan<float> Offset => [];

    /// <summary>Whether codes come from an encoder that was trained with the dictionary; if not, from MAP inference.</summary>
    public bool HasNetwork { get; } = !MethodTable.Find(experiment.Method)!.IsMapInference;

    /// <summary>Every parameter, and what else is learned, by name in the order of creation.</summary>
    public abstract IReadOnlyList<StateTensor> State { get; }

    /// <summary>Says that parameters were changed; a model that keeps them in other forms too makes those anew.</summary>
    public virtual void Changed() { }

    /// <summary>Takes over the parameters of another model.</summary>
    /// <param name="other">A model of the same experiment, which may have more parameters, such as those of a learned prior.</param>
    public void TakeParameters(SparseCodingModel other)
    {
        var sources = other.State.ToDictionary(tensor => tensor.Name);
        foreach (var target in State) target.Write(sources[target.Name].Read());
        Changed();
    }

    /// <summary>A copy of the dictionary A, row by row, [D, d]; its columns are the atoms.</summary>
    /// <exception cref="InvalidInputException">The model has no dictionary.</exception>
    public abstract float[] Dictionary();

    /// <summary>||A||_F.</summary>
    /// <exception cref="InvalidInputException">The model has no dictionary.</exception>
    public abstract double DictionaryNorm();

    /// <summary>The dictionary with what solvers need of it.</summary>
    /// <exception cref="InvalidInputException">The model has no dictionary, or it is not finite.</exception>
    public virtual LassoProblem Problem() => new(Dictionary(), Atoms);

    /// <summary>Replaces the dictionary.</summary>
    /// <param name="values">A, row by row, [D, d].</param>
    public abstract void SetDictionary(ReadOnlySpan<float> values);

    /// <summary>Returns samples without the model's <see cref="Offset"/>, which A z has to reconstruct.</summary>
    /// <param name="x">Samples, [B, D].</param>
    /// <returns>The samples themselves where there is none, or else a copy.</returns>
    public ReadOnlySpan<float> WithoutOffset(ReadOnlySpan<float> x)
    {
        if (Offset.IsEmpty) return x;
        float[] centred = x.ToArray();
        for (int first = 0; first < centred.Length; first += Dimension) RowKernels.ScaleAndAdd(centred.AsSpan(first, Dimension), 1, Offset, -1);
        return centred;
    }

    /// <summary>Computes codes by the encoder.</summary>
    /// <param name="request">Which codes.</param>
    /// <param name="x">Samples, [B, D].</param>
    /// <param name="firstRow">The row of the first sample's noise.</param>
    /// <param name="codes">Receives z, [B, d].</param>
    public abstract void Encode(in CodeRequest request, ReadOnlySpan<float> x, int firstRow, Span<float> codes);

    /// <summary>Computes the KL of each latent feature's posterior to the fixed prior.</summary>
    /// <param name="x">Samples, [B, D].</param>
    /// <param name="divergences">Receives the KL, [B, d].</param>
    public abstract void Divergences(ReadOnlySpan<float> x, Span<float> divergences);

    /// <summary>Computes the probability that each feature is active.</summary>
    /// <param name="x">Samples, [B, D].</param>
    /// <param name="probabilities">Receives them, [B, d].</param>
    /// <exception cref="InvalidInputException">The model has no posterior of which this is known.</exception>
    public virtual void Probabilities(ReadOnlySpan<float> x, Span<float> probabilities) =>
        throw new InvalidInputException($"method '{Experiment.Method}' does not say how probably a feature is active; methods with a posterior and a dictionary do, such as 'gaussian-gate' and 'thresholded-laplacian'");

    /// <summary>Computes the samples that codes stand for.</summary>
    /// <param name="codes">z, [B, d].</param>
    /// <param name="samples">Receives them, [B, D].</param>
    public abstract void Decode(ReadOnlySpan<float> codes, Span<float> samples);

    /// <summary>Frees the model's memory.</summary>
    public abstract void Dispose();

    private protected static double NormOf(ReadOnlySpan<float> dictionary)
    {
        double squares = 0;
        foreach (float value in dictionary) squares += (double)value * value;
        return Math.Sqrt(squares);
    }

    private protected static InvalidInputException NoDictionary(Experiment experiment) =>
        new($"the model has a {ExperimentJson.Name(experiment.Generator.Kind)} generator and so no dictionary; what needs one is for runs with a linear generator");
}
