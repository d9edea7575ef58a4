using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using VariationalSparseCoding.MapInference;
using VariationalSparseCoding.Random;

namespace VariationalSparseCoding.Tests.MapInference;

/// <summary>Problems for the tests of the solvers.</summary>
internal static class LassoData
{
    /// <summary>The fixture: dictionary [16, 24] and samples [5, 16], lambda, optimal codes and objectives, and the authors'.</summary>
    public static (Matrix Dictionary, Matrix X, double Lambda, double[] Objective, double[] AuthorsObjective, Matrix Codes, Matrix AuthorsCodes) Fixture()
    {
        var json = Fixtures.Read("lasso.json");
        Matrix Read(string name) => new(json.GetProperty(name).Numbers(), (int)json.GetProperty(name).Shape()[1]);
        return (Read("dictionary"), Read("x"), json.GetProperty("tau").GetDouble(),
            json.GetProperty("objective_optimal").Numbers(), json.GetProperty("objective_authors_fista").Numbers(), Read("z_optimal"), Read("z_authors_fista"));
    }

    /// <summary>A float32 matrix of the benchmark: `.npy`, version 1.0, C order.</summary>
    public static Matrix Npy(string name)
    {
        byte[] file = File.ReadAllBytes(Path.Combine(Fixtures.Folder, "lasso_bench", name));
        int header = BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(8));
        string text = Encoding.ASCII.GetString(file, 10, header);
        Assert.Contains("'descr': '<f4', 'fortran_order': False", text, StringComparison.Ordinal);
        int columns = int.Parse(Regex.Match(text, @"\(\d+, (\d+)\)").Groups[1].Value, CultureInfo.InvariantCulture);
        return new([.. MemoryMarshal.Cast<byte, float>(file.AsSpan(10 + header)).ToArray().Select(value => (double)value)], columns);
    }

    /// <summary>Standard normal dictionary [D, d] and samples [B, D].</summary>
    public static (Matrix Dictionary, Matrix X) Random(int samples, int inputs, int atoms, uint seed)
    {
        var random = new CounterRandom(new NoiseKey(seed, NoisePurpose.Data, 0));
        return (Normal(inputs, atoms), Normal(samples, inputs));

        Matrix Normal(int rows, int columns) =>
            new([.. Enumerable.Range(0, rows * columns).Select(_ => Math.Sqrt(-2 * Math.Log(random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()))], columns);
    }

    /// <summary>Objective and duality gap as they are defined, by scalar loops in float64: F(z) - (1/2||x||^2 - 1/2||x - s r||^2).</summary>
    public static (double[] Objective, double[] Gap) PlainGap(Matrix dictionary, Matrix x, Matrix codes, double lambda)
    {
        var (objective, gap) = (new double[x.Rows], new double[x.Rows]);
        var residuals = x - codes * dictionary.Transposed;
        var correlations = residuals * dictionary;
        for (int b = 0; b < x.Rows; b++)
        {
            double largest = correlations.Row(b).Max(Math.Abs), scale = largest > lambda ? lambda / largest : 1, dual = 0;
            for (int i = 0; i < x.Columns; i++)
            {
                double value = x[b, i], rest = value - scale * residuals[b, i];
                objective[b] += 0.5 * residuals[b, i] * residuals[b, i];
                dual += 0.5 * (value * value - rest * rest);
            }
            objective[b] += lambda * codes.Row(b).Sum(Math.Abs);
            gap[b] = objective[b] - dual;
        }
        return (objective, gap);
    }

    /// <summary>|a_j^T r| is at most lambda, and lambda sign(z_j) where z_j is not 0, to a relative tolerance.</summary>
    public static void AssertOptimal(Matrix dictionary, Matrix x, Matrix codes, double lambda, double tolerance)
    {
        var correlations = (x - codes * dictionary.Transposed) * dictionary;
        Assert.InRange(correlations.Largest, 0, lambda * (1 + tolerance));
        Assert.Contains(codes.Values, code => code != 0);
        Assert.All(correlations.Values.Zip(codes.Values).Where(pair => pair.Second != 0), pair =>
            Assert.InRange(Math.Abs(pair.First - lambda * Math.Sign(pair.Second)), 0, lambda * tolerance));
    }

    /// <summary>Steps of ISTA or FISTA by plain loops, from given codes, with the momentum of the authors' code.</summary>
    public static IEnumerable<Matrix> Steps(Matrix dictionary, Matrix x, double lambda, Matrix start, bool isAccelerated)
    {
        double lipschitz = dictionary.Problem().SquaredSpectralNorm, t = 1, lastT = 1;
        for (var (z, last) = (start, start); ;)
        {
            double momentum = isAccelerated ? (lastT - 1) / t : 0;
            var y = z + momentum * (z - last);
            var forward = y + 1 / lipschitz * ((x - y * dictionary.Transposed) * dictionary);
            (last, z) = (z, forward.Map((value, _, _) => Math.Sign(value) * Math.Max(0, Math.Abs(value) - lambda / lipschitz)));
            (lastT, t) = (t, (1 + Math.Sqrt(1 + 4 * t * t)) / 2);
            yield return z;
        }
    }

    /// <summary>The published FISTA by plain loops: codes and number of iterations.</summary>
    public static (Matrix Codes, int Iterations) Published(Matrix dictionary, Matrix x, double lambda, int maximum = 500)
    {
        var codes = x * dictionary;
        int count = 0;
        foreach (var next in Steps(dictionary, x, lambda, codes, isAccelerated: true).Take(maximum))
        {
            double change = (next - codes).Values.Sum(value => value * value), size = codes.Values.Sum(value => value * value);
            (codes, count) = (next, count + 1);
            if (!(Math.Sqrt(change / size) > 1e-3)) break;
        }
        return (codes, count);
    }

    /// <summary>The exact codes of a result in float64.</summary>
    public static Matrix Exact(this MapResult result, int atoms) => new(result.ExactCodes!, atoms);

    /// <summary>The codes of a result in float32.</summary>
    public static Matrix Single(this MapResult result, int atoms) => new(Array.ConvertAll(result.Codes, code => (double)code), atoms);
}
