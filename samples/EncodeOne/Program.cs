using System.Diagnostics;
using System.Runtime.Intrinsics.X86;
using VariationalSparseCoding;

// Loads a model and encodes one vector, as a small service does: EncodeOne MODEL [REPETITIONS]. bench/deployment.sh publishes it in two ways and measures both.

if (args.Length is 0 or > 2) return Usage();
using var coder = SparseCoder.Load(args[0]);
float[] x = new float[coder.Dimension], z = new float[coder.Atoms];
for (int i = 0; i < x.Length; i++) x[i] = float.Sin(i);
coder.Encode(x, z);

using var process = Process.GetCurrentProcess();
double start = (DateTime.Now - process.StartTime).TotalMilliseconds;
int active = 0;
foreach (float value in z) active += value != 0 ? 1 : 0;
Console.WriteLine(FormattableString.Invariant($"{x.Length} values, {active} of {z.Length} features active; {start:F0} ms from the start of the process to the first code"));
Console.WriteLine($"instructions: {(Avx512F.IsSupported ? "AVX-512" : Avx2.IsSupported ? "AVX2" : "the platform's least")}");

if (args.Length == 2)
{
    double[] times = new double[int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture)];
    for (int i = 0; i < times.Length; i++)
    {
        long before = Stopwatch.GetTimestamp();
        coder.Encode(x, z);
        times[i] = Stopwatch.GetElapsedTime(before).TotalMicroseconds;
    }
    // The just-in-time compiler is done after the first half.
    double[] warm = times[(times.Length / 2)..];
    Array.Sort(warm);
    Console.WriteLine(FormattableString.Invariant($"{warm[warm.Length / 2]:F1} us for a vector, the median of {warm.Length} warm ones"));
}
process.Refresh();
Console.WriteLine(FormattableString.Invariant($"{process.PeakWorkingSet64 / 1048576.0:F0} MB of memory at most"));
return 0;

static int Usage()
{
    Console.Error.WriteLine("Usage: EncodeOne MODEL [REPETITIONS]; MODEL is a file that SparseCoder.Save or 'vsc train' wrote.");
    return 2;
}
