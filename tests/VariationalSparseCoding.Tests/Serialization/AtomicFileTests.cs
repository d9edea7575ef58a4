using VariationalSparseCoding.Serialization;
using VariationalSparseCoding.Tests.MapInference;

namespace VariationalSparseCoding.Tests.Serialization;

public sealed class AtomicFileTests : IDisposable
{
    private readonly ScratchFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_file_is_replaced_whole_and_its_folder_made()
    {
        string path = folder.File("new/folder/file.txt");
        AtomicFile.WriteText(path, "longer than the second");
        AtomicFile.WriteText(path, "ä");
        Assert.Equal("ä", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void A_writer_that_fails_leaves_the_old_file()
    {
        string path = folder.File("file.txt");
        AtomicFile.WriteText(path, "old");
        Assert.Throws<IOException>(() => AtomicFile.Write(path, stream =>
        {
            stream.Write("ne"u8);
            throw new IOException("the disk is full");
        }));
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_named()
    {
        string file = folder.Write("file", [1]);
        foreach (string path in new[] { Path.Combine(file, "below.txt"), folder.Path })
        {
            string message = Assert.Throws<InvalidInputException>(() => AtomicFile.WriteText(path, "text")).Message;
            Assert.StartsWith($"{path}: ", message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', message);
        }
        Assert.Equal([file], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void What_a_killed_writer_of_the_same_file_has_left_is_removed_and_what_another_one_writes_is_not()
    {
        string path = folder.File("file.txt"), left = folder.Write(".file.txt.abcd0123.vsc-partial", [1]), another = folder.Write(".other.txt.abcd0123.vsc-partial", [1]), writtenNow = folder.File(".file.txt.wxyz0123.vsc-partial");
        using (new FileStream(writtenNow, FileMode.CreateNew, FileAccess.Write, FileShare.None)) AtomicFile.WriteText(path, "text");
        Assert.False(File.Exists(left));
        Assert.True(File.Exists(another));
        Assert.True(File.Exists(writtenNow));
    }

    [Fact]
    public void Files_of_others_are_not_touched_whatever_their_names()
    {
        string path = folder.File("z.npz"), victim = folder.File("victim");
        File.WriteAllText(victim, "mine");
        string[] own = [.. new[] { "z.npz.partial", "z.npz.tmp", ".z.npz.partial", "z.npz.vsc-partial" }.Select(folder.File)];
        foreach (string file in own) File.CreateSymbolicLink(file, victim);
        AtomicFile.WriteText(path, "text");
        Assert.Equal("mine", File.ReadAllText(victim));
        Assert.All(own, file => Assert.Equal(victim, new FileInfo(file).LinkTarget));
        Assert.Equal("text", File.ReadAllText(path));
        Assert.Equal(2 + own.Length, Directory.GetFiles(folder.Path).Length);
    }

    [Fact]
    public void The_temporary_file_is_new_in_the_same_folder_and_known_by_its_name()
    {
        string path = folder.File("file.txt");
        var names = new HashSet<string>();
        for (int i = 0; i < 10; i++)
            AtomicFile.Write(path, _ => names.Add(Directory.GetFiles(folder.Path).Single(file => file != path)));
        Assert.Equal(10, names.Count);
        Assert.All(names, name => Assert.True(AtomicFile.IsTemporary(name), name));
    }

    [Theory]
    [InlineData(".a.npz.abcd0123.vsc-partial", true)]
    [InlineData("folder/.a.abcd0123.vsc-partial", true)]
    [InlineData("a.npz.abcd0123.vsc-partial", false)]
    [InlineData(".a.npz.abcd012.vsc-partial", false)]
    [InlineData(".a.npz.abcd012X.vsc-partial", false)]
    [InlineData(".abcd0123.vsc-partial", false)]
    [InlineData(".a.npz.abcd0123.partial", false)]
    [InlineData("notes.partial", false)]
    [InlineData(".vsc-partial", false)]
    [InlineData("", false)]
    public void Only_names_of_our_own_pattern_count_as_left_behind(string name, bool isTemporary) => Assert.Equal(isTemporary, AtomicFile.IsTemporary(name));
}
