using System.Text.Json.Serialization;

namespace VariationalSparseCoding.Experiments;

/// <summary>
/// A family of methods, those of one base distribution: what options, defaults and validation ask about it. A new family is a file beside this one and a row of
/// <see cref="MethodTable"/>; its arithmetic is in the posteriors' room. Experiments hold it by its name.
/// </summary>
[JsonConverter(typeof(MethodFamilyConverter))]
internal abstract record MethodFamily
{
    private static readonly WarmUp None = new() { Initial = 1, Start = 0 };

    /// <summary>Its name in experiments, in kebab-case.</summary>
    public abstract string Name { get; }

    /// <summary>Whether codes are found by a solver instead of drawn from a posterior.</summary>
    public virtual bool IsMapInference => false;

    /// <summary>Whether features are switched by a random spike, so that codes have exact zeros without a threshold.</summary>
    public virtual bool HasSpikes => false;

    /// <summary>Whether a noise scale of 0, where a warm-up may begin, leaves codes without noise, so that they have no density.</summary>
    public virtual bool LosesNoise => false;

    /// <summary>Number of pseudo-inputs of a learned prior, unless it is set.</summary>
    public virtual int PriorComponents => 500;

    /// <summary>Weight kappa of the dictionary's penalty, unless it is set.</summary>
    public virtual double DictionaryPenalty => 1e-4;

    /// <summary>Returns the threshold l0 of the paper, which leaves about a tenth of the prior's features active.</summary>
    /// <param name="generator">The kind of generator.</param>
    public virtual double Threshold(GeneratorKind generator) => 0.25;

    /// <summary>Returns the paper's warm-up of the noise scale, or of lambda in MAP inference.</summary>
    /// <param name="generator">The kind of generator.</param>
    public virtual WarmUp WarmUp(GeneratorKind generator) => None;

    /// <summary>Returns the prior's spread, as <see cref="PosteriorOptions.PriorSpread"/> counts it, at which its values have a variance.</summary>
    /// <param name="variance">The variance, above 0.</param>
    public virtual double SpreadOf(double variance) => variance;

    /// <summary>Returns the scale of the Laplacian that has the variance of the prior's values.</summary>
    /// <param name="spread">The prior's spread.</param>
    public virtual double LaplaceScale(double spread) => Math.Sqrt(spread / 2);

    /// <summary>Sets what decides how many of the prior's features are active: the spikes' probability, or the threshold.</summary>
    /// <param name="options">The posterior of a method of this family.</param>
    /// <param name="fraction">The active fraction, in (0, 1).</param>
    /// <exception cref="ArgumentException">The family has neither.</exception>
    public virtual PosteriorOptions WithActiveFraction(PosteriorOptions options, double fraction) =>
        throw new ArgumentException($"'{Name}' has no active fraction.", nameof(options));

    /// <summary>
    /// Returns the mean m at which thresholds from Gamma(alpha0, alpha0/m) leave the same fraction of the prior's features active as the fixed threshold l0.
    /// </summary>
    /// <param name="priorSpread">The prior's spread, above 0.</param>
    /// <param name="priorShape">alpha0, at least <see cref="GammaPrior.SmallestShape"/>.</param>
    /// <param name="threshold">l0, above 0.</param>
    /// <returns>m, at least l0; infinity where no double is large enough.</returns>
    /// <exception cref="ArgumentException">The family has no learned thresholds.</exception>
    public virtual double MeanThreshold(double priorSpread, double priorShape, double threshold) =>
        throw new ArgumentException($"'{Name}' has no learned thresholds.", nameof(threshold));
}
