namespace VariationalSparseCoding.Experiments;

/// <summary>The side taken where the paper's equations and the authors' published code disagree: a preset of options.</summary>
public enum Fidelity
{
    /// <summary>The paper's equations, with their errors corrected.</summary>
    Equations,
    /// <summary>The computations of the authors' code, which gave the published numbers.</summary>
    Published,
}
