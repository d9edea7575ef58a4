namespace VariationalSparseCoding.Synthetic;

/// <summary>Which features stand below which, and how often each fires.</summary>
internal sealed class FeatureTree
{
    /// <summary>The most that a scaled probability may be: a feature that always fires is none.</summary>
    private const double MostOften = 0.95;

    // Every third feature is on its own, as far as trees leave any.
    private const int AloneEvery = 3;

    private readonly int[][] children;

    /// <summary>Builds the trees and finds the probabilities.</summary>
    /// <param name="options">Valid options.</param>
    public FeatureTree(FeatureOptions options)
    {
        Parents = new int[options.Features];
        Array.Fill(Parents, -1);
        children = Plant(options);
        Probabilities = new double[options.Features];
        Shares = new double[options.Features];
        double factor = 1;
        SetProbabilities(options, factor);
        if (options.ExpectedActive is not { } wanted) return;
        // The sum rises with the factor, until all roots fire as often as they may.
        double low = 0, high = 1;
        while (Probabilities.Sum() < wanted && high < 1 / options.LeastProbability) SetProbabilities(options, high *= 2);
        while (true)
        {
            factor = (low + high) / 2;
            if (factor <= low || factor >= high) break;
            SetProbabilities(options, factor);
            if (Probabilities.Sum() < wanted) low = factor;
            else high = factor;
        }
    }

    /// <summary>The parent of each feature, which has a lower number; -1 where there is none, [d].</summary>
    public int[] Parents { get; }

    /// <summary>How often each feature fires, exactly, [d].</summary>
    public double[] Probabilities { get; }

    /// <summary>How often each feature fires where its parent does; of features without one, how often they fire, [d].</summary>
    public double[] Shares { get; }

    /// <summary>The children of a feature, of which at most one fires.</summary>
    /// <param name="feature">The feature.</param>
    public ReadOnlySpan<int> ChildrenOf(int feature) => children[feature];

    /// <summary>Fills trees generation by generation, so that children are rarer than parents.</summary>
    private int[][] Plant(FeatureOptions options)
    {
        int[][] below = [.. Enumerable.Repeat(Array.Empty<int>(), options.Features)];
        int roots = Math.Max(1, options.Features / options.FeaturesPerTree), next = 0;
        if (options.Depth == 0) return below;
        List<int> generation = [];
        while (generation.Count < roots && Next() is { } root) generation.Add(root);
        for (int depth = 0; depth < options.Depth; depth++)
        {
            List<int> following = [];
            foreach (int parent in generation)
            {
                List<int> own = [];
                while (own.Count < options.Branching && Next() is { } child) own.Add(child);
                foreach (int child in own) Parents[child] = parent;
                below[parent] = [.. own];
                following.AddRange(own);
            }
            generation = following;
        }
        return below;

        int? Next()
        {
            if (next % AloneEvery == AloneEvery - 1) next++;
            return next < options.Features ? next++ : null;
        }
    }

    private void SetProbabilities(FeatureOptions options, double factor)
    {
        int count = options.Features;
        double last = Math.Pow(count, -options.ZipfExponent);
        for (int feature = 0; feature < count; feature++)
        {
            double fallen = last < 1 ? (Math.Pow(feature + 1, -options.ZipfExponent) - last) / (1 - last) : 1;
            Shares[feature] = Math.Min(MostOften, factor * (options.LeastProbability + (options.GreatestProbability - options.LeastProbability) * fallen));
        }
        for (int feature = 0; feature < count; feature++)
        {
            if (Parents[feature] < 0) Probabilities[feature] = Shares[feature];
            double sum = 0;
            foreach (int child in children[feature]) sum += Shares[child];
            // Siblings share at most all of the times when their parent fires.
            double scale = Math.Min(1, Probabilities[feature] / sum);
            foreach (int child in children[feature])
            {
                Probabilities[child] = scale * Shares[child];
                Shares[child] = Probabilities[child] / Probabilities[feature];
            }
        }
    }
}
