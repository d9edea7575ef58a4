using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Networks;

namespace VariationalSparseCoding.Engine;

/// <summary>What a gate needs to know of a batch.</summary>
/// <param name="Rows">B.</param>
/// <param name="Energy">The mean of ||x - c||^2 over the batch, by which prices grow, so that nothing depends on the samples' unit.</param>
/// <param name="PenaltyShare">What penalties are multiplied by while they warm up, in (0, 1].</param>
internal readonly record struct BatchFacts(int Rows, double Energy, double PenaltyShare);

/// <summary>
/// How the encoder's values h, [B, d], become codes: which entries count, their code, and the pull-back of a gradient from the code to h and to the gate's own parameters
/// (docs/mathematics.md section 13). A method is a gate; the rest of the step is the same for all.
/// </summary>
/// <param name="parameters">What is learned.</param>
/// <param name="active">k.</param>
internal abstract class Gate(AutoencoderParameters parameters, int active)
{
    // Rows of the first batch from which thresholds are taken.
    private const int QuantileRows = 64;

    /// <summary>Parameters of the gate's own, a number for each feature, that Adam learns; at most two.</summary>
    public virtual IReadOnlyList<FloatMatrix> Learned => [];

    /// <summary>What the gate remembers from step to step beside the parameters, by name.</summary>
    public virtual IReadOnlyList<(string Name, FloatMatrix Value)> State => [];

    /// <summary>Whether h itself, where above 0, has to reconstruct the samples too, on a dictionary that does not learn from it.</summary>
    public virtual bool HasOwnPath => false;

    /// <summary>The derivative of the first own parameter's gradient by h's, where a silent feature learns.</summary>
    public virtual float Revival => 0;

    /// <summary>Where each nested group of features ends, beside the end of all.</summary>
    public virtual IReadOnlyList<int> GroupEnds => [];

    /// <summary>k.</summary>
    protected int Active => active;

    /// <summary>What is learned.</summary>
    protected AutoencoderParameters Parameters => parameters;

    /// <summary>Creates the gate of a model.</summary>
    /// <param name="parameters">What is learned.</param>
    /// <param name="active">k.</param>
    public static Gate Create(AutoencoderParameters parameters, int active) => parameters.Gate switch
    {
        GateKind.TopK => new TopKGate(parameters, active),
        GateKind.BatchTopK => new BatchTopKGate(parameters, active),
        GateKind.Matryoshka => new MatryoshkaGate(parameters, active),
        GateKind.JumpRelu => new JumpReluGate(parameters, active),
        GateKind.Relu => new ReluGate(parameters, active),
        GateKind.Gated => new GatedGate(parameters, active),
        GateKind.GroupMax => new GroupMaxGate(parameters, active),
        _ => throw new ArgumentOutOfRangeException(nameof(parameters), parameters.Gate, "There is no such gate."),
    };

    /// <summary>Sets the parameters that begin with what the first batch says.</summary>
    /// <param name="inputs">h of the first batch, [B, d].</param>
    /// <returns>Whether biases were changed, and h with them.</returns>
    public virtual bool Initialise(FloatMatrix inputs) => false;

    /// <summary>Collects the entries of a row, by features: those that count if no other row did.</summary>
    /// <param name="inputs">h of the row, [d].</param>
    /// <param name="entries">The calling thread's list.</param>
    public abstract void Collect(ReadOnlySpan<float> inputs, EntryList entries);

    /// <summary>Looks at the collected entries of all rows.</summary>
    /// <param name="entries">The entries; those that do not count are dropped.</param>
    /// <param name="facts">The batch.</param>
    /// <returns>False if the rows have to be collected again.</returns>
    public virtual bool Restrict(SparseEntries entries, in BatchFacts facts) => true;

    /// <summary>Computes codes from h.</summary>
    /// <param name="entries">The entries.</param>
    /// <param name="first">The first of them.</param>
    /// <param name="end">The one behind the last.</param>
    public virtual void Activate(SparseEntries entries, int first, int end) => entries.Inputs[first..end].CopyTo(entries.Codes[first..end]);

    /// <summary>Turns dL/dz into dL/dh, penalties included.</summary>
    /// <param name="entries">The entries.</param>
    /// <param name="first">The first of them.</param>
    /// <param name="end">The one behind the last.</param>
    public virtual void Pullback(SparseEntries entries, int first, int end) { }

    /// <summary>Returns the penalty of the batch, beside the squared error's sum over values and mean over samples.</summary>
    /// <param name="entries">The entries.</param>
    public virtual double Penalty(SparseEntries entries) => 0;

    /// <summary>Ends a step: what follows the batches moves on.</summary>
    /// <param name="step">The step, from 0.</param>
    public virtual void End(long step) { }

    /// <summary>Computes the code of a sample, as a function of it alone.</summary>
    /// <param name="inputs">h, [d].</param>
    /// <param name="entries">Room for the active ones.</param>
    /// <param name="code">Receives z, [d].</param>
    public virtual void Encode(ReadOnlySpan<float> inputs, EntryList entries, Span<float> code)
    {
        entries.Clear();
        CollectActive(inputs, entries);
        code.Clear();
        for (int i = 0; i < entries.Count; i++) code[entries.Features[i]] = Value(entries.Features[i], entries.Values[i]);
    }

    /// <summary>Collects the features that are active in the code of a sample.</summary>
    /// <param name="inputs">h, [d].</param>
    /// <param name="entries">Receives them.</param>
    protected virtual void CollectActive(ReadOnlySpan<float> inputs, EntryList entries) => Collect(inputs, entries);

    /// <summary>Returns the code of an active feature.</summary>
    /// <param name="feature">The feature.</param>
    /// <param name="input">Its h.</param>
    protected virtual float Value(int feature, float input) => input;

    /// <summary>Returns the number that k of a sample's values exceed on average, at least 0.</summary>
    /// <param name="inputs">h of the first batch, [B, d].</param>
    protected float Quantile(FloatMatrix inputs)
    {
        int rows = Math.Min(inputs.Rows, QuantileRows);
        float[] values = new float[rows * inputs.Columns];
        for (int row = 0; row < rows; row++) inputs[(int)((long)row * inputs.Rows / rows)].CopyTo(values.AsSpan(row * inputs.Columns));
        Array.Sort(values);
        return Math.Max(0, values[Math.Max(0, values.Length - 1 - rows * active)]);
    }
}
