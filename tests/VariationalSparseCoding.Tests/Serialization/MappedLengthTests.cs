using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Tests.Serialization;

public class MappedLengthTests
{
    [Fact]
    public void A_matrix_that_is_cut_short_while_it_is_open_is_an_error_and_not_the_end_of_the_process()
    {
        using var scratch = new ScratchFolder();
        const int rows = 20_000, columns = 8;
        Npy.Write<float>(scratch.File("x.npy"), new float[rows * columns], columns);
        using var matrix = NpyMatrix.Open(scratch.File("x.npy"));
        float[] row = new float[columns];
        matrix.CopyRows(rows - 1, 1, row);
        using (var file = new FileStream(scratch.File("x.npy"), FileMode.Open, FileAccess.Write, FileShare.ReadWrite)) file.SetLength(1000);
        Assert.Contains("was cut short", Assert.Throws<IOException>(() => matrix.CopyRows(rows - 1, 1, row)).Message, StringComparison.Ordinal);
    }
}
