using System.Text.Json.Nodes;

namespace VariationalSparseCoding.Training;

/// <summary>Where the loss of a training stands.</summary>
/// <param name="First">The magnitude of the first step's loss; NaN before it.</param>
/// <param name="Loss">The loss, averaged over the last steps.</param>
/// <param name="Zero">The loss of codes that are all 0, likewise.</param>
internal sealed record LossLevel(double First, double Loss, double Zero)
{
    // Averages are over about ten steps.
    private const double Kept = 0.9;

    /// <summary>The level before the first step.</summary>
    public static LossLevel None { get; } = new(double.NaN, double.NaN, double.NaN);

    private bool IsNone => double.IsNaN(First);

    /// <summary>Returns the level after a further step.</summary>
    /// <param name="loss">Its loss.</param>
    /// <param name="zero">The loss of codes that are all 0 on its batch.</param>
    public LossLevel After(double loss, double zero) => IsNone ? new(Math.Abs(loss), loss, zero) : new(First, Mean(Loss, loss), Mean(Zero, zero));

    /// <summary>Returns the numbers, for a checkpoint.</summary>
    public JsonArray ToJson() => IsNone ? [] : [First, Loss, Zero];

    /// <summary>Returns what <see cref="ToJson"/> has written.</summary>
    /// <param name="json">The numbers.</param>
    public static LossLevel Of(JsonNode json) => json.AsArray() is { Count: 3 } numbers ? new((double)numbers[0]!, (double)numbers[1]!, (double)numbers[2]!) : None;

    private static double Mean(double former, double added) => Kept * former + (1 - Kept) * added;
}
