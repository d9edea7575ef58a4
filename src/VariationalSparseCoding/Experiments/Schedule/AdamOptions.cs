namespace VariationalSparseCoding.Experiments;

/// <summary>Adam, which trains deep generators and their inference networks (docs/mathematics.md section 5.2). Its learning rate is the schedule's.</summary>
public sealed record AdamOptions
{
    /// <summary>Decay of the mean of gradients, in [0, 1).</summary>
    public double Beta1 { get; init; } = 0.5;

    /// <summary>Decay of the mean of squared gradients, in [0, 1).</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>What is added to the root of the mean of squared gradients. From 1e-12 to 1e6.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Weight of the parameters' L2 penalty in the gradient (not decoupled). From 0 to 1e6.</summary>
    public double WeightDecay { get; init; } = 1e-5;

    internal void Validate(Errors errors)
    {
        errors.BelowOne("schedule.adam.beta1", Beta1);
        errors.BelowOne("schedule.adam.beta2", Beta2);
        errors.Positive("schedule.adam.epsilon", Epsilon);
        errors.NotNegative("schedule.adam.weightDecay", WeightDecay);
    }
}
