namespace VariationalSparseCoding.Experiments;

/// <summary>How the spike head becomes the probability of an active feature.</summary>
public enum SpikeLogit
{
    /// <summary>gamma = sigmoid(head); a feature is active with probability gamma.</summary>
    LogOdds,
    /// <summary>gamma = exp(-relu(-head)), drawn with probability gamma / (1 + gamma), as the published code does (docs/mathematics.md section 9, row 9).</summary>
    LogProbability,
}
