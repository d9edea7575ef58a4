namespace VariationalSparseCoding.Experiments;

/// <summary>Where the paper's equations and the authors' published code disagree, a preset of options chooses a side.</summary>
public enum Fidelity
{
    /// <summary>The paper's equations, with their errors corrected.</summary>
    Equations,
    /// <summary>What the authors' code computes: needed to get the published numbers.</summary>
    Published,
}
