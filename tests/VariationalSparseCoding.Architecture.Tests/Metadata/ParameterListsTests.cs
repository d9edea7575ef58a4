namespace VariationalSparseCoding.Architecture.Tests.Metadata;

public class ParameterListsTests
{
    [Fact]
    public void Counts_the_parameters_that_the_source_names()
    {
        string[] lists = [.. ParameterLists.Read(typeof(ParameterListsTests).Assembly.Location)
            .Where(list => list.Type.Name == nameof(Sample.High.Lists) && list.Count > 1).Select(list => $"{list.Method} {list.Count}").Order(StringComparer.Ordinal)];
        Assert.Equal([".ctor 3", "Five 2", "Five 5", "Lambda 3", "Told.Invoke 2", "get_Item 4", "op_Addition 2"], lists);
    }
}
