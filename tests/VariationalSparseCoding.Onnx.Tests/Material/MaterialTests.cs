using System.Text;
using VariationalSparseCoding.Onnx.Material;

namespace VariationalSparseCoding.Onnx.Tests.Material;

public sealed class MaterialTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string File(string name) => Path.Combine(folder, name);

    [Fact]
    public void Resources_of_an_assembly_are_read_from_its_file()
    {
        var assembly = typeof(MaterialTests).Assembly;
        using var resource = assembly.GetManifestResourceStream("Own.Source")!;
        byte[] expected = new byte[resource.Length];
        resource.ReadExactly(expected);
        Assert.Equal(expected, EmbeddedResources.Read(assembly.Location, "Own.Source"));
        Assert.Contains("no resource 'Other'", Assert.Throws<InvalidInputException>(() => EmbeddedResources.Read(assembly.Location, "Other")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_assemblies_are_read_or_refused()
    {
        byte[] whole = System.IO.File.ReadAllBytes(typeof(MaterialTests).Assembly.Location);
        var random = new System.Random(5);
        for (int i = 0; i < 300; i++)
        {
            byte[] damaged = i % 2 == 0 ? whole[..random.Next(1, whole.Length)] : [.. whole];
            // Headers and metadata are where harm can be done.
            for (int change = 0; change < 20; change++) damaged[random.Next(Math.Min(damaged.Length, 2048))] = (byte)random.Next(256);
            System.IO.File.WriteAllBytes(File("damaged.dll"), damaged);
            try
            {
                EmbeddedResources.Read(File("damaged.dll"), "Own.Source");
            }
            catch (InvalidInputException problem)
            {
                Assert.DoesNotContain('\n', problem.Message);
            }
        }
    }

    [Fact]
    public void Glosses_have_the_names_of_their_categories()
    {
        string licence = "  1 This software and database is being provided to you\n";
        System.IO.File.WriteAllText(File("data.noun"), licence + "00001740 03 n 01 entity 0 003 ~ 00001930 n 0000 | that which is perceived  \n00015388 05 n 01 animal 0 000 | a living organism; \"a | b\"\n");
        System.IO.File.WriteAllText(File("data.verb"), licence + "00001740 29 v 01 breathe 0 000 01 + 02 00 | draw air into\tlungs\n");
        System.IO.File.WriteAllText(File("data.adj"), licence + "00001740 00 a 01 able 0 000 | \"quoted\" at first\n");
        System.IO.File.WriteAllText(File("data.adv"), licence + "00001740 02 r 01 a_cappella 0 000 | without music\n");
        Assert.Equal((5, 5), WordNet.Write(folder, File("wordnet.tsv")));
        Assert.Equal(
        [
            ("that which is perceived", "noun.Tops"), ("a living organism; \"a | b\"", "noun.animal"), ("draw air into\tlungs", "verb.body"), ("\"quoted\" at first", "adj.all"), ("without music", "adv.all"),
        ], new Onnx.Collecting.TextFile(File("wordnet.tsv"), "text", "label").Read().Select(text => (text.Text, text.Label!)));

        System.IO.File.WriteAllText(File("data.adv"), licence + "00001740 45 r 01 x 0 000 | no such category\n");
        Assert.Contains("line 2", Assert.Throws<InvalidInputException>(() => WordNet.Write(folder, File("other.tsv"))).Message, StringComparison.Ordinal);
        System.IO.File.Delete(File("data.adv"));
        Assert.Contains("apt-get install wordnet-base", Assert.Throws<InvalidInputException>(() => WordNet.Write(folder, File("other.tsv"))).Message, StringComparison.Ordinal);
        Assert.False(System.IO.File.Exists(File("other.tsv")));
    }

    [Fact]
    public async Task A_file_of_the_same_name_is_not_replaced()
    {
        System.IO.File.WriteAllText(File("vocab.txt"), "mine");
        Assert.Contains("vocab.txt", (await Assert.ThrowsAsync<InvalidInputException>(() => SentenceEncoder.GetAsync(folder, () => { }, CancellationToken.None))).Message, StringComparison.Ordinal);
        Assert.Equal("mine", System.IO.File.ReadAllText(File("vocab.txt"), Encoding.UTF8));
    }
}
