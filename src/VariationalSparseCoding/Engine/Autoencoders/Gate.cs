using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Kernels;
using VariationalSparseCoding.Networks;
using VariationalSparseCoding.Posteriors;

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

    // The threshold of codes, where it is a running mean, is one over about a hundred batches.
    private const double ThresholdShare = 0.01;

    // At first a mean over the last fifth of the batches.
    private const double FirstShares = 5;

    /// <summary>Parameters of the gate's own, a number for each feature, that Adam learns; at most two.</summary>
    public virtual IReadOnlyList<FloatMatrix> Learned => [];

    /// <summary>What the gate remembers from step to step beside the parameters, by name.</summary>
    public virtual IReadOnlyList<(string Name, FloatMatrix Value)> State => [];

    /// <summary>Whether h itself, where above 0, has to reconstruct the samples too, on a dictionary that does not learn from it.</summary>
    public virtual bool HasOwnPath => false;

    /// <summary>The derivative of the first own parameter's gradient by h's, where a silent feature learns.</summary>
    public virtual float Revival => 0;

    /// <summary>Whether the step's codes are drawn.</summary>
    public virtual bool IsNoisy => false;

    /// <summary>Draws of a sample in the step, of which the one with the least squared error is used.</summary>
    public virtual int Draws => 1;

    /// <summary>Where each nested group of features ends, beside the end of all.</summary>
    public virtual IReadOnlyList<int> GroupEnds => [];

    /// <summary>k.</summary>
    protected int Active => active;

    /// <summary>What is learned.</summary>
    protected AutoencoderParameters Parameters => parameters;

    /// <summary>Creates the gate of a model.</summary>
    /// <param name="parameters">What is learned.</param>
    /// <param name="experiment">A valid experiment.</param>
    public static Gate Create(AutoencoderParameters parameters, Experiment experiment) => Create(parameters, experiment, experiment.Sparsity.ActiveOf(parameters.Atoms.Columns, parameters.Atoms.Rows));

    private static Gate Create(AutoencoderParameters parameters, Experiment experiment, int active) => parameters.Gate switch
    {
        GateKind.TopK => new TopKGate(parameters, active),
        GateKind.BatchTopK => new BatchTopKGate(parameters, active),
        GateKind.Matryoshka => new MatryoshkaGate(parameters, active),
        GateKind.JumpRelu => new JumpReluGate(parameters, active),
        GateKind.Relu => new ReluGate(parameters, active),
        GateKind.Gated => new GatedGate(parameters, active),
        GateKind.Gaussian => Create<GaussianBase>(parameters, experiment, active),
        GateKind.Laplacian => Create<LaplacianBase>(parameters, experiment, active),
        GateKind.GroupMax => new GroupMaxGate(parameters, active),
        _ => throw new ArgumentOutOfRangeException(nameof(parameters), parameters.Gate, "There is no such gate."),
    };

    private static Gate Create<TBase>(AutoencoderParameters parameters, Experiment experiment, int active) where TBase : struct, IBaseDistribution => experiment.Posterior.Threshold switch
    {
        ThresholdKind.Batch => new BatchPosteriorGate<TBase>(parameters, experiment, active),
        ThresholdKind.Sample => new SamplePosteriorGate<TBase>(parameters, experiment, active),
        _ => new FeaturePosteriorGate<TBase>(parameters, experiment, active),
    };

    /// <summary>Begins a step.</summary>
    /// <param name="step">The step, from 0.</param>
    /// <param name="progress">The share of the run that is done, in [0, 1].</param>
    public virtual void Begin(long step, double progress) { }

    /// <summary>Sets the parameters that begin with what the first batch says.</summary>
    /// <param name="inputs">h of the first batch, [B, d].</param>
    /// <returns>Whether biases were changed, and h with them.</returns>
    public virtual bool Initialise(FloatMatrix inputs) => false;

    /// <summary>Collects the entries of a row, by features: those that count if no other row did.</summary>
    /// <param name="inputs">h of the row, [d].</param>
    /// <param name="entries">The calling thread's list.</param>
    public abstract void Collect(ReadOnlySpan<float> inputs, EntryList entries);

    /// <summary>Draws the entries of a row, of a gate that draws in this step.</summary>
    /// <param name="entries">The entries; receives the draw in <see cref="SparseEntries.Drawn"/>.</param>
    /// <param name="row">The row.</param>
    /// <param name="draw">The number of the draw.</param>
    /// <param name="noise">Room for numbers, [d].</param>
    public virtual void Draw(SparseEntries entries, int row, int draw, Span<float> noise) { }

    /// <summary>Looks at the collected entries of all rows.</summary>
    /// <param name="entries">The entries; those that do not count are dropped.</param>
    /// <param name="facts">The batch.</param>
    /// <returns>False if the rows have to be collected again.</returns>
    public virtual bool Restrict(SparseEntries entries, in BatchFacts facts) => true;

    /// <summary>Computes the codes of a row.</summary>
    /// <param name="entries">The entries.</param>
    /// <param name="row">The row.</param>
    public virtual void Activate(SparseEntries entries, int row)
    {
        int first = entries.Start(row), end = entries.Start(row + 1);
        entries.Inputs[first..end].CopyTo(entries.Codes[first..end]);
    }

    /// <summary>Turns dL/dz of a row into dL/dh, penalties included.</summary>
    /// <param name="entries">The entries.</param>
    /// <param name="row">The row.</param>
    public virtual void Pullback(SparseEntries entries, int row) { }

    /// <summary>Adds to dL/dh what depends on all rows, after their own <see cref="Pullback"/>.</summary>
    /// <param name="entries">The entries.</param>
    public virtual void PullbackOfBatch(SparseEntries entries) { }

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

    /// <summary>Computes the probability that each feature of a sample is active.</summary>
    /// <param name="inputs">h, [d].</param>
    /// <param name="entries">Room for the active ones.</param>
    /// <param name="probabilities">Receives them, [d].</param>
    /// <exception cref="NotSupportedException">The gate has no posterior.</exception>
    public virtual void Probabilities(ReadOnlySpan<float> inputs, EntryList entries, Span<float> probabilities) => throw new NotSupportedException("The gate has no posterior.");

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
    /// <param name="bySize">Whether values below 0 count by their size.</param>
    protected float Quantile(FloatMatrix inputs, bool bySize = false)
    {
        int rows = Math.Min(inputs.Rows, QuantileRows);
        float[] values = new float[rows * inputs.Columns];
        for (int row = 0; row < rows; row++) inputs[(int)((long)row * inputs.Rows / rows)].CopyTo(values.AsSpan(row * inputs.Columns));
        if (bySize)
        {
            foreach (ref float value in values.AsSpan()) value = Math.Abs(value);
        }
        Array.Sort(values);
        return Math.Max(0, values[Math.Max(0, values.Length - 1 - rows * active)]);
    }

    /// <summary>Moves the threshold of codes, the same for all features, towards that of a batch.</summary>
    /// <param name="step">The step, from 0.</param>
    /// <param name="ofBatch">The batch's.</param>
    protected void FollowThreshold(long step, double ofBatch)
    {
        var threshold = Parameters.Threshold!.All;
        double share = Math.Max(ThresholdShare, FirstShares / (step + FirstShares));
        threshold.Fill((float)(threshold[0] + share * (ofBatch - threshold[0])));
    }
}
