using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;

namespace VariationalSparseCoding.Architecture.Tests;

/// <summary>Libraries do not know by which program they are used: none of their texts names one.</summary>
public partial class MessageTests
{
    /// <summary>Names of formats and folders, which are not for reading.</summary>
    private static readonly string[] allowed = ["vsc", "vsc-checkpoint", "vsc-store", "vsc-features-1", ".vsc-partial"];

    [Theory, Trait("Fault", "D11")]
    [InlineData(ProjectFile.Core)]
    [InlineData("Torch")]
    [InlineData("Images")]
    [InlineData("Columnar")]
    [InlineData("Onnx")]
    public void No_text_of_a_library_names_the_program(string project)
    {
        using var file = new PEReader(File.OpenRead(ProjectFile.Tested.Single(tested => tested.Name == project).AssemblyPath));
        string[] texts = [.. UserStrings(file.GetMetadataReader())];
        Assert.NotEmpty(texts);
        Assert.DoesNotContain(texts, text => Program().IsMatch(text) && !allowed.Contains(text));
    }

    private static IEnumerable<string> UserStrings(MetadataReader metadata)
    {
        for (var handle = metadata.GetNextHandle(MetadataTokens.UserStringHandle(0)); !handle.IsNil; handle = metadata.GetNextHandle(handle)) yield return metadata.GetUserString(handle);
    }

    [GeneratedRegex(@"\bvsc(-full)?\b")]
    private static partial Regex Program();
}
