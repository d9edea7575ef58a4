using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Inference;

namespace VariationalSparseCoding.Tests;

/// <summary>Drawn codes of version 0.1's models that need the tensor library.</summary>
public class Version01TensorTests
{
    private const int Rows = 25, Atoms = 10;

    public static TheoryData<string> Models => ["classifier-prior", "gumbel-softmax", "iwae-bound"];

    [Theory]
    [MemberData(nameof(Models))]
    public void Drawn_codes_are_what_they_were(string run)
    {
        using var coder = SparseCoder.Load(Version01.File(run, "checkpoint", "step-000000045.safetensors"));
        Assert.NotNull(ManagedSupport.Missing(coder.Experiment));
        float[] rows = Version01.NewRows;
        EqualButForTies("as-trained", coder.Encode(rows, new EncodeOptions { Kind = CodeKind.AsTrained }));
        EqualButForTies("as-trained-j7-seed5-row1000", coder.Encode(rows, new EncodeOptions { Kind = CodeKind.AsTrained, Draws = 7, Seed = 5, FirstRow = 1000 }));
        EqualButForTies("single-sample", coder.Encode(rows, new EncodeOptions { Kind = CodeKind.SingleDraw }));

        void EqualButForTies(string kind, float[] actual)
        {
            float[] expected = Version01.Matrix(run, "reference", kind + ".npy");
            int different = Enumerable.Range(0, Rows).Count(row => Enumerable.Range(row * Atoms, Atoms).Any(i => Math.Abs(expected[i] - actual[i]) > 1e-4 * (1 + Math.Abs(expected[i]))));
            // Where a threshold or the best of the draws was tied, the last digit decides.
            Assert.InRange(different, 0, 1);
        }
    }
}
