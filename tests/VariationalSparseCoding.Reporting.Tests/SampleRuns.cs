namespace VariationalSparseCoding.Reporting.Tests;

/// <summary>Runs with made-up but lifelike content.</summary>
internal static class SampleRuns
{
    public const int Side = 12;
    public const int Atoms = 64;

    /// <summary>A grey dictionary of Gabor functions with falling norms in shuffled order, [Side * Side, Atoms].</summary>
    public static SampleMatrix Gabors()
    {
        var values = new float[Side * Side * Atoms];
        for (int atom = 0; atom < Atoms; atom++)
        {
            double angle = 2.4 * atom, frequency = 0.4 + 0.03 * (atom % 20), norm = 2.0 / (1 + atom * 37 % Atoms);
            double centreX = 3 + atom * 5 % 7, centreY = 3 + atom * 3 % 7;
            for (int pixel = 0; pixel < Side * Side; pixel++)
            {
                double x = pixel % Side - centreX, y = pixel / Side - centreY;
                double wave = Math.Cos(2 * Math.PI * frequency / 2.5 * (x * Math.Cos(angle) + y * Math.Sin(angle)) + atom);
                values[pixel * Atoms + atom] = (float)(norm * wave * Math.Exp(-(x * x + y * y) / 9));
            }
        }
        return new SampleMatrix(values, Side * Side, Atoms);
    }

    public static RunReport Patches(string name = "tl-20", double objective = 118.4)
    {
        SampleMatrix dictionary = Gabors();
        SampleMatrix atoms = dictionary.Transpose();
        float[] fractions = [.. Enumerable.Range(0, Atoms).Select(atom => atom % 16 == 5 ? 0f : 0.24f * MathF.Exp(-0.04f * (atom * 37 % Atoms)))];
        return new RunReport
        {
            Name = name,
            Method = "thresholded-laplacian",
            MethodDescription = "Laplacian posterior whose samples pass a fixed soft threshold; the best of J draws is trained.",
            Settings = [new("data", "natural images, 16,000 patches of 12 × 12"), new("atoms", "64"), new("λ", "20"), new("samples J", name == "tl-20" ? "20" : "1"), new("epochs", "40"), new("seed", "7")],
            Environment = [new("VariationalSparseCoding", "0.1.0"), new(".NET", "10.0.0"), new("libtorch", "2.10.0"), new("processor", "2 cores, AVX2")],
            History = History(40),
            Shape = SampleShape.Patch(Side, Side),
            Dictionary = dictionary,
            ActiveFractions = fractions,
            MeanMagnitudes = [.. fractions.Select(fraction => 0.4f * fraction)],
            DeadAtoms = [.. Enumerable.Range(0, Atoms).Where(atom => fractions[atom] == 0)],
            Reconstructions = Reconstructions(atoms, 14),
            StrongestAtoms = [.. DictionaryFigure.Order(DictionaryFigure.Norms(atoms)).Take(8).Select(atom => Examples(atoms, atom, 9))],
            Evaluation = Evaluation(objective),
            Notes = ["The best of J draws is chosen with the input at hand; one draw is worse.", "One seed only: no spread is known."],
            ReproduceCommand = $"vsc train experiment.json --out runs/{name}",
        };
    }

    /// <summary>A run with all its words and numbers, and only the picture of the dictionary.</summary>
    public static RunReport Words(string name = "tl-20", double objective = 118.4) =>
        Patches(name, objective) with { History = [], ActiveFractions = [], Reconstructions = null, StrongestAtoms = [] };

    public static EvaluationTable Evaluation(double objective) => new()
    {
        L1Weight = 20,
        FrobeniusWeight = 1e-3,
        SampleCount = 16_000,
        Columns = ["objective", "reconstruction", "l1", "Frobenius term", "active fraction"],
        Rows =
        [
            new(EvaluationKind.Codes, "this run, best of 20", [objective, 82.125, 1.8114, 0.0481, 0.0821]),
            new(EvaluationKind.OtherCodes, "this run, one draw", [171.93, 133.2, 1.93, 0.0481, 0.0822]),
            new(EvaluationKind.OtherCodes, "this run, posterior mode", [double.NaN, double.NaN, double.NaN, double.NaN, double.NaN], "a thresholded posterior's mode is not defined"),
            new(EvaluationKind.AllZero, "all-zero code", [131.3, 131.3, 0, 0.0481, 0]),
            new(EvaluationKind.Fista, "FISTA, converged", [61.72, 31.02, 1.535, 0.0481, 0.1312]),
        ],
    };

    public static HistoryRow[] History(int epochs) =>
    [
        .. Enumerable.Range(1, epochs).Select(epoch =>
        {
            double reconstruction = 0.3 + 0.6 * Math.Exp(-epoch / 6.0) + 0.01 * Math.Sin(epoch * 2.3), kl = 0.9 * (1 - Math.Exp(-epoch / 4.0));
            LossTerm[] terms = [new("loss", reconstruction + kl), new("reconstruction", reconstruction), new("KL", kl)];
            return new HistoryRow(epoch, epoch * 800L, terms, [.. terms.Select(term => term with { Value = term.Value * 1.05 }), new LossTerm("objective", 118 + 60 * Math.Exp(-epoch / 5.0))]);
        }),
    ];

    /// <summary>The few samples that are sums of two atoms, with a smoothed copy.</summary>
    public static ReconstructionSet Reconstructions(SampleMatrix atoms, int count)
    {
        float[] originals = [.. Enumerable.Range(0, count).SelectMany(i => Mix(atoms, i, 0.2f))];
        float[] reconstructions = [.. Enumerable.Range(0, count).SelectMany(i => Mix(atoms, i, 0))];
        return new ReconstructionSet(new(originals, count, atoms.Columns), new(reconstructions, count, atoms.Columns), [.. Enumerable.Range(0, count).Select(i => 12.5f + 7.31f * i)]);
    }

    private static AtomExamples Examples(SampleMatrix atoms, int atom, int count)
    {
        float[] samples = [.. Enumerable.Range(0, count).SelectMany(i => Mix(atoms, atom, 0.03f * i).Select(value => i % 2 == 0 ? value : -value))];
        return new AtomExamples(atom, new(samples, count, atoms.Columns), [.. Enumerable.Range(0, count).Select(i => (i % 2 == 0 ? 1 : -1) * (3.2f - 0.13f * i))]);
    }

    private static float[] Mix(SampleMatrix atoms, int index, float noise)
    {
        float[] first = atoms.Row(index % atoms.Rows).ToArray(), second = atoms.Row((index * 7 + 3) % atoms.Rows).ToArray();
        return [.. first.Select((value, i) => value + second[i] + noise * MathF.Sin(i * i * 0.37f + index))];
    }
}
