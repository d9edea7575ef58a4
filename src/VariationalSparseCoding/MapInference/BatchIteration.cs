using static TorchSharp.torch;

namespace VariationalSparseCoding.MapInference;

/// <summary>An iterative method at work on a batch of tensors. Every tensor of its state has one row per sample; the first holds the codes.</summary>
internal abstract class BatchIteration
{
    private Tensor[] state = [];

    /// <summary>The present codes, [B', d], of the B' samples still in the batch.</summary>
    public Tensor Codes => state[0];

    /// <summary>Makes one iteration.</summary>
    public void Advance() => Replace(Next);

    /// <summary>Drops all samples but some.</summary>
    /// <param name="rows">Indices of those that stay, int64.</param>
    public void Keep(Tensor rows) => Replace(old => [.. old.Select(tensor => tensor.index_select(0, rows))]);

    /// <summary>Replaces the state; tensors that the new one does not take over are freed.</summary>
    protected void Replace(Func<Tensor[], Tensor[]> compute)
    {
        var old = state;
        using (NewDisposeScope())
        {
            state = compute(old);
            foreach (var tensor in state.Except<Tensor>(old, ReferenceEqualityComparer.Instance)) tensor.MoveToOuterDisposeScope();
        }
        foreach (var tensor in old.Except<Tensor>(state, ReferenceEqualityComparer.Instance)) tensor.Dispose();
    }

    /// <summary>The state after one more iteration.</summary>
    protected abstract Tensor[] Next(Tensor[] state);
}
