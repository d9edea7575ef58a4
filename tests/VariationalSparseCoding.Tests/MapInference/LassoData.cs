using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using VariationalSparseCoding.Kernels;
using static TorchSharp.torch;

namespace VariationalSparseCoding.Tests.MapInference;

/// <summary>Problems for the tests of the solvers.</summary>
internal static class LassoData
{
    /// <summary>The fixture: dictionary [16, 24] and samples [5, 16] in float64, lambda, optimal codes and objectives, and the authors'.</summary>
    public static (Tensor Dictionary, Tensor X, double Lambda, double[] Objective, double[] AuthorsObjective, Tensor Codes, Tensor AuthorsCodes) Fixture()
    {
        var json = Fixtures.Read("lasso.json");
        Tensor Matrix(string name) => tensor(json.GetProperty(name).Numbers(), json.GetProperty(name).Shape());
        return (Matrix("dictionary"), Matrix("x"), json.GetProperty("tau").GetDouble(),
            json.GetProperty("objective_optimal").Numbers(), json.GetProperty("objective_authors_fista").Numbers(), Matrix("z_optimal"), Matrix("z_authors_fista"));
    }

    /// <summary>A float32 matrix of the benchmark: `.npy`, version 1.0, C order.</summary>
    public static Tensor Npy(string name)
    {
        byte[] file = File.ReadAllBytes(Path.Combine(Fixtures.Folder, "lasso_bench", name));
        int header = BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(8));
        string text = Encoding.ASCII.GetString(file, 10, header);
        Assert.Contains("'descr': '<f4', 'fortran_order': False", text, StringComparison.Ordinal);
        long[] shape = [.. Regex.Match(text, @"\((\d+), (\d+)\)").Groups.Values.Skip(1).Select(group => long.Parse(group.Value, CultureInfo.InvariantCulture))];
        return tensor(MemoryMarshal.Cast<byte, float>(file.AsSpan(10 + header)).ToArray(), shape);
    }

    /// <summary>Standard normal dictionary [D, d] and samples [B, D], float64.</summary>
    public static (Tensor Dictionary, Tensor X) Random(int samples, int inputs, int atoms, uint seed)
    {
        var random = new CounterRandom(new NoiseKey(seed, NoisePurpose.Data, 0));
        return (Normal(inputs, atoms), Normal(samples, inputs));

        Tensor Normal(int rows, int columns) =>
            tensor([.. Enumerable.Range(0, rows * columns).Select(_ => Math.Sqrt(-2 * Math.Log(random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()))], [rows, columns]);
    }

    /// <summary>Objective and duality gap as they are defined, by scalar loops in float64: F(z) - (1/2||x||^2 - 1/2||x - s r||^2).</summary>
    public static (double[] Objective, double[] Gap) PlainGap(Tensor dictionary, Tensor x, Tensor codes, double lambda)
    {
        using var scope = NewDisposeScope();
        var (samples, inputs, atoms) = (x.shape[0], x.shape[1], dictionary.shape[1]);
        double[] a = Values(dictionary), values = Values(x), z = Values(codes);
        var (objective, gap) = (new double[samples], new double[samples]);
        for (int b = 0; b < samples; b++)
        {
            var residual = new double[inputs];
            for (int i = 0; i < inputs; i++)
            {
                residual[i] = values[b * inputs + i];
                for (int j = 0; j < atoms; j++) residual[i] -= a[i * atoms + j] * z[b * atoms + j];
            }
            double largest = 0, absolute = 0, dual = 0;
            for (int j = 0; j < atoms; j++)
            {
                double correlation = 0;
                for (int i = 0; i < inputs; i++) correlation += a[i * atoms + j] * residual[i];
                largest = Math.Max(largest, Math.Abs(correlation));
                absolute += Math.Abs(z[b * atoms + j]);
            }
            double scale = largest > lambda ? lambda / largest : 1;
            for (int i = 0; i < inputs; i++)
            {
                double value = values[b * inputs + i], rest = value - scale * residual[i];
                objective[b] += 0.5 * residual[i] * residual[i];
                dual += 0.5 * (value * value - rest * rest);
            }
            objective[b] += lambda * absolute;
            gap[b] = objective[b] - dual;
        }
        return (objective, gap);
    }

    /// <summary>|a_j^T r| is at most lambda, and lambda sign(z_j) where z_j is not 0, to a relative tolerance.</summary>
    public static void AssertOptimal(Tensor dictionary, Tensor x, Tensor codes, double lambda, double tolerance)
    {
        using var scope = NewDisposeScope();
        var correlations = (x - codes.mm(dictionary.t())).mm(dictionary);
        Assert.InRange(correlations.abs().max().item<double>(), 0, lambda * (1 + tolerance));
        var active = codes != 0;
        Assert.True(active.any().item<bool>());
        Assert.InRange((correlations - lambda * codes.sign()).masked_select(active).abs().max().item<double>(), 0, lambda * tolerance);
    }

    private static double[] Values(Tensor tensor) => tensor.to(float64).contiguous().data<double>().ToArray();
}
