using VariationalSparseCoding;
using VariationalSparseCoding.Synthetic;

// Learns sparse codes of vectors in an array, saves the coder and uses it again.

// 1000 samples of 16 values, each a sum of two out of twelve patterns and a little noise: put your own data here, row after row.
float[] samples = SyntheticData.Generate(new() { Samples = 1000, Dimension = 16, Atoms = 12, Support = 2 }, seed: 1).Samples;

using var coder = new SparseCoder(new() { Atoms = 12, Epochs = 10, KlWeight = 0.002, Threads = 1 });
coder.Fit(samples, dimension: 16);
coder.Save("coder.safetensors");

using var loaded = SparseCoder.Load("coder.safetensors");
float[] codes = loaded.Encode(samples), decoded = loaded.Decode(codes);
double error = samples.Zip(decoded, (x, y) => Math.Pow(x - y, 2)).Sum() / samples.Sum(x => Math.Pow(x, 2));
Console.WriteLine(FormattableString.Invariant(
    $"{codes.Length / loaded.Atoms} codes of {loaded.Atoms} features, {100.0 * codes.Count(z => z != 0) / codes.Length:F0}% active, {100 * error:F0}% of the energy missing"));
