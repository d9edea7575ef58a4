namespace VariationalSparseCoding.Experiments;

/// <summary>What of a store training never sees, and validation and evaluation are made of.</summary>
public enum HeldOut
{
    /// <summary>Rows drawn at random.</summary>
    Rows,

    /// <summary>The last files: as few as hold the validation samples.</summary>
    Shards,
}
