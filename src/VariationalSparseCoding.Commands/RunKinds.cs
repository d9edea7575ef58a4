using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Runs;

namespace VariationalSparseCoding.Commands;

/// <summary>How runs are evaluated and shown, by the kind of their generator. Those of a dictionary are always there; programs add others.</summary>
internal sealed class RunKinds
{
    private readonly Dictionary<GeneratorKind, Evaluation> evaluations = new() { [GeneratorKind.Linear] = DictionaryRuns.Evaluate };

    /// <summary>Evaluates a finished run.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="draws">J of the codes as trained; null takes the run's.</param>
    /// <param name="cancellationToken">Stops the evaluation.</param>
    public delegate RunResults Evaluation(RunFolder folder, int? draws, CancellationToken cancellationToken);

    /// <summary>Adds a kind.</summary>
    /// <param name="kind">The kind of generator.</param>
    /// <param name="evaluation">How its runs are evaluated.</param>
    public void Add(GeneratorKind kind, Evaluation evaluation) => evaluations[kind] = evaluation;

    /// <summary>Returns how runs of a kind are evaluated.</summary>
    /// <param name="kind">The kind of generator.</param>
    /// <exception cref="InvalidInputException">This program has nothing for that kind.</exception>
    public Evaluation Find(GeneratorKind kind) => evaluations.TryGetValue(kind, out var evaluation) ? evaluation
        : throw NeedsTensors($"the generator '{ExperimentJson.Name(kind)}'");

    private static InvalidInputException NeedsTensors(string what) => new($"{what} needs the tensor library.") { Remedy = Remedy.AddTensorLibrary, Subject = what };
}
