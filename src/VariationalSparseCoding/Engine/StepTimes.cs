using System.Diagnostics;

namespace VariationalSparseCoding.Engine;

/// <summary>The parts of a training step, in execution order.</summary>
internal enum StepPart
{
    /// <summary>The inference network's forward pass.</summary>
    EncoderForward,
    /// <summary>Drawing, scoring and choosing samples.</summary>
    Screening,
    /// <summary>The loss, the gradients by the posterior's parameters, and the inference network's backward pass.</summary>
    Backward,
    /// <summary>The inference network's update.</summary>
    Optimiser,
    /// <summary>The dictionary's gradient and update.</summary>
    Dictionary,
}

/// <summary>A stopwatch for the parts of one step after another.</summary>
internal sealed class StepTimes
{
    private readonly long[] ticks = new long[Enum.GetValues<StepPart>().Length];
    private long last = Stopwatch.GetTimestamp();

    /// <summary>Milliseconds of a part since the last <see cref="Restart"/>.</summary>
    /// <param name="part">The part.</param>
    public double this[StepPart part] => ticks[(int)part] * 1e3 / Stopwatch.Frequency;

    /// <summary>Forgets all times.</summary>
    public void Restart()
    {
        Array.Clear(ticks);
        last = Stopwatch.GetTimestamp();
    }

    /// <summary>Gives the time since the last lap to a part.</summary>
    /// <param name="part">The part that has ended.</param>
    public void Lap(StepPart part)
    {
        long now = Stopwatch.GetTimestamp();
        ticks[(int)part] += now - last;
        last = now;
    }
}
