using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Kernels;

namespace VariationalSparseCoding.Engine;

/// <summary>
/// Adam over parameters whose rows, or numbers, belong to features, of which a batch gives gradients to a few only. The others' moments decay and their parameters drift, which is made
/// up for in one go when a feature has a gradient again: atoms, which nothing reads meanwhile, then stand where Adam has them (but for the part of epsilon in their drift, and
/// where atoms are kept at norm 1, which the drift then is as a whole); encoder rows take their last drift at their next use instead of at once.
/// </summary>
internal sealed class FeatureAdam
{
    private const int Tabulated = 512;

    private readonly FloatMatrix[] parameters, means, squares;
    private readonly double keptMean, keptSquare, epsilon;
    private readonly float[] ratioPowers = new float[Tabulated];
    private double rate, rooted;

    /// <summary>Creates an optimiser at rest.</summary>
    /// <param name="parameters">The parameters, [d, n] or [1, d].</param>
    /// <param name="features">d.</param>
    /// <param name="options">Adam's options.</param>
    public FeatureAdam(IReadOnlyList<FloatMatrix> parameters, int features, AdamOptions options)
    {
        this.parameters = [.. parameters];
        (means, squares) = ([.. parameters.Select(Zeros)], [.. parameters.Select(Zeros)]);
        (keptMean, keptSquare, epsilon) = (options.Beta1, options.Beta2, options.Epsilon);
        (Age, Drift) = (new(1, features), new(1, features));
        for (int i = 0; i < Tabulated; i++) ratioPowers[i] = (float)Math.Pow(keptMean / Math.Sqrt(keptSquare), i);

        static FloatMatrix Zeros(FloatMatrix parameter) => new(parameter.Rows, parameter.Columns);
    }

    /// <summary>The means of gradients, one for each parameter.</summary>
    public IReadOnlyList<FloatMatrix> Means => means;

    /// <summary>The means of squared gradients, one for each parameter.</summary>
    public IReadOnlyList<FloatMatrix> Squares => squares;

    /// <summary>Steps since a feature's last gradient, [1, d].</summary>
    public FloatMatrix Age { get; }

    /// <summary>The sizes of the steps since then, as one, [1, d].</summary>
    public FloatMatrix Drift { get; }

    /// <summary>Begins a step.</summary>
    /// <param name="step">The step, from 0.</param>
    /// <param name="learningRate">Its learning rate.</param>
    public void Begin(long step, double learningRate)
    {
        rooted = Math.Sqrt(1 - Math.Pow(keptSquare, step + 1));
        rate = learningRate * rooted / (1 - Math.Pow(keptMean, step + 1));
    }

    /// <summary>The factors of this step for a parameter that has a gradient in every step.</summary>
    public AdamFactors DenseFactors => new((float)keptMean, (float)(1 - keptMean), (float)keptSquare, (float)(1 - keptSquare), (float)rate, (float)(epsilon * rooted), 0);

    /// <summary>Returns the factors of this step.</summary>
    /// <param name="feature">A feature with a gradient.</param>
    public AdamFactors Factors(int feature)
    {
        double steps = Age.All[feature] + 1;
        return steps == 1 ? DenseFactors : DenseFactors with { KeptMean = (float)Math.Pow(keptMean, steps), KeptSquare = (float)Math.Pow(keptSquare, steps), Drift = Drift.All[feature] };
    }

    /// <summary>Moves a feature's row of a parameter.</summary>
    /// <param name="parameter">The parameter's number, of one with a row for each feature.</param>
    /// <param name="feature">The feature.</param>
    /// <param name="gradient">The gradient of its row.</param>
    /// <param name="factors">Its <see cref="Factors"/>.</param>
    public void Move(int parameter, int feature, ReadOnlySpan<float> gradient, in AdamFactors factors) =>
        AdamStep.Apply(parameters[parameter][feature], gradient, means[parameter][feature], squares[parameter][feature], factors);

    /// <summary>Moves a feature's number of a parameter.</summary>
    /// <param name="parameter">The parameter's number, of one with a number for each feature.</param>
    /// <param name="feature">The feature.</param>
    /// <param name="gradient">The gradient by the number.</param>
    /// <param name="factors">Its <see cref="Factors"/>.</param>
    public void Move(int parameter, int feature, float gradient, in AdamFactors factors) =>
        AdamStep.Apply(ref parameters[parameter].All[feature], gradient, ref means[parameter].All[feature], ref squares[parameter].All[feature], factors);

    /// <summary>Ends a step.</summary>
    /// <param name="moved">Whether each feature had a gradient: a number that is not 0.</param>
    public void End(ReadOnlySpan<int> moved)
    {
        Span<float> age = Age.All, drift = Drift.All;
        for (int feature = 0; feature < moved.Length; feature++)
        {
            if (moved[feature] != 0) (age[feature], drift[feature]) = (0, 0);
            else
            {
                age[feature]++;
                if (age[feature] < Tabulated) drift[feature] += (float)rate * ratioPowers[(int)age[feature]];
            }
        }
    }
}
