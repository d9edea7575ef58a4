namespace VariationalSparseCoding.Experiments;

/// <summary>Adam, which trains deep generators and their inference networks (SPEC section 5.2). Its learning rate is the schedule's.</summary>
public sealed record AdamOptions
{
    /// <summary>Decay of the mean of gradients, in [0, 1).</summary>
    public double Beta1 { get; init; } = 0.5;

    /// <summary>Decay of the mean of squared gradients, in [0, 1).</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>What is added to the root of the mean of squared gradients. Above 0.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Weight of the parameters' L2 penalty in the gradient (not decoupled). At least 0.</summary>
    public double WeightDecay { get; init; } = 1e-5;

    internal void Validate(Errors errors)
    {
        errors.Check(Beta1 is >= 0 and < 1, "schedule.adam.beta1", $"must lie in [0, 1), not {Beta1}");
        errors.Check(Beta2 is >= 0 and < 1, "schedule.adam.beta2", $"must lie in [0, 1), not {Beta2}");
        errors.Positive("schedule.adam.epsilon", Epsilon);
        errors.NotNegative("schedule.adam.weightDecay", WeightDecay);
    }
}
