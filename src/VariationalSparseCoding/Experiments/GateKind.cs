namespace VariationalSparseCoding.Experiments;

/// <summary>How an autoencoder decides which features of a sample are active, and what it costs them.</summary>
internal enum GateKind
{
    /// <summary>The k largest of a sample.</summary>
    TopK,
    /// <summary>The largest of a batch, k for each sample on average.</summary>
    BatchTopK,
    /// <summary>The same, with a reconstruction from each of several nested groups of features.</summary>
    Matryoshka,
    /// <summary>Those above a learned threshold of their own.</summary>
    JumpRelu,
    /// <summary>Those above 0, at a price for each unit of their value.</summary>
    Relu,
    /// <summary>Those above 0 in a path of their own, at a price there, with a value from another.</summary>
    Gated,
    /// <summary>Those whose Gaussian posterior's draw exceeds a threshold around zero.</summary>
    Gaussian,
    /// <summary>Those whose Laplacian posterior's draw exceeds a threshold around zero.</summary>
    Laplacian,
    /// <summary>The largest above 0 of each of k equal groups of neighbouring features; of imported autoencoders only.</summary>
    GroupMax,
    /// <summary>Those that matching pursuit chooses one after the other, without an encoder of its own; of imported dictionaries only.</summary>
    MatchingPursuit,
}
