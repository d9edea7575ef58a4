namespace VariationalSparseCoding.Experiments;

/// <summary>The prior that the codes' KL is taken to (docs/mathematics.md section 3.7).</summary>
public enum PriorKind
{
    /// <summary>The family's member with shift 0 and a given spread: the paper's.</summary>
    Fixed,
    /// <summary>VampPrior: the mixture of the posteriors of trained pseudo-inputs, joint over features (Tomczak and Welling, 2018).</summary>
    Vamp,
    /// <summary>The posterior of one trained pseudo-input, picked for each input by a classifier network.</summary>
    Clf,
}
