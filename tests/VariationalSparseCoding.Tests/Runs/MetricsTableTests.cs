using VariationalSparseCoding.Inference;
using VariationalSparseCoding.Runs;
using VariationalSparseCoding.Tests.Serialization;
using VariationalSparseCoding.Training;

namespace VariationalSparseCoding.Tests.Runs;

public sealed class MetricsTableTests : IDisposable
{
    private readonly ScratchFolder folder = new();

    private string File => folder.File("metrics.csv");

    public void Dispose() => folder.Dispose();

    private static EpochEvent Epoch(int epoch, bool isValidated = true) => new(epoch, epoch * 10, new(["loss", "kl"], [epoch + 0.1, 1.0 / 3]),
        isValidated ? new(["objective", "reconstruction", "l1", "active_fraction"], [4, 3, 2, epoch / 7.0]) : null, new(["warm_up"], [0.5]));

    private MetricsTable Write(int from, int to, long stepsDone)
    {
        var table = new MetricsTable(File, CodeEvaluation.TermNames(new()));
        table.OnStart(stepsDone, 100);
        for (int epoch = from; epoch <= to; epoch++) table.OnEpoch(Epoch(epoch));
        return table;
    }

    [Fact]
    public void What_was_written_is_read_to_the_last_bit()
    {
        var table = Write(1, 1, 0);
        table.OnEpoch(Epoch(2, isValidated: false));
        var rows = MetricsTable.Read(File);
        Assert.Equal(2, rows.Count);
        Assert.Equal((1, 10, 1.1, 1.0 / 3, 0.5, 4, 1 / 7.0), (rows[0]["epoch"], rows[0]["step"], rows[0]["train.loss"], rows[0]["train.kl"], rows[0]["warm_up"], rows[0]["validation.objective"], rows[0]["validation.active_fraction"]));
        Assert.Equal(2.1, rows[1]["train.loss"]);
        Assert.False(rows[1].ContainsKey("validation.objective"));
    }

    [Fact]
    public void A_resumed_run_drops_the_rows_that_it_will_repeat()
    {
        Write(1, 5, 0);
        string whole = System.IO.File.ReadAllText(File);
        Write(4, 5, stepsDone: 37);
        Assert.Equal(whole, System.IO.File.ReadAllText(File));
        Write(1, 5, stepsDone: 0);
        Assert.Equal(whole, System.IO.File.ReadAllText(File));
        Write(3, 3, stepsDone: 20);
        Assert.Equal([1, 2, 3], MetricsTable.Read(File).Select(row => row["epoch"]));
    }

    [Fact]
    public void A_lost_table_begins_again()
    {
        Write(4, 5, stepsDone: 30);
        Assert.Equal([4, 5], MetricsTable.Read(File).Select(row => row["epoch"]));
    }

    [Fact]
    public void A_missing_table_is_empty() => Assert.Empty(MetricsTable.Read(File));

    [Theory]
    [InlineData("", 1)]
    [InlineData("step,epoch\n1,2\n", 1)]
    [InlineData("epoch,step,train.loss\n1,10,1\n2,20,high\n", 3)]
    [InlineData("epoch,step,train.loss\n1,10\n", 2)]
    [InlineData("epoch,step,train.loss\n1,10,1,1\n", 2)]
    [InlineData("epoch,step,train.loss\n1,,1\n", 2)]
    public void A_damaged_row_is_named(string text, int row)
    {
        System.IO.File.WriteAllText(File, text);
        string message = Assert.Throws<InvalidInputException>(() => MetricsTable.Read(File)).Message;
        Assert.StartsWith($"{File}: row {row} is damaged", message, StringComparison.Ordinal);
    }
}
