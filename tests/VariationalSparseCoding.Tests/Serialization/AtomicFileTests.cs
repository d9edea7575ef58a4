using VariationalSparseCoding.Serialization;

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
}
