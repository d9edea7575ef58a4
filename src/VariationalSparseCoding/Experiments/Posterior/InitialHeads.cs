namespace VariationalSparseCoding.Experiments;

/// <summary>The values with which the inference network's heads begin.</summary>
public enum InitialHeads
{
    /// <summary>PyTorch's default of linear layers, as published: shifts near 0, and scales near 1 whatever the prior's.</summary>
    UniformByFanIn,
    /// <summary>The posterior of every input begins near the prior: biases are the prior's parameters, weights a hundredth of the default. A prior much narrower than 1 needs it.</summary>
    Prior,
}
