using System.IO.Compression;
using System.Text;

namespace VariationalSparseCoding.Cli.Tests.Helpers;

/// <summary>A small set in the layout of CelebA.</summary>
internal static class Faces
{
    public const int Count = 4;
    public const string Archive = "img_align_celeba.zip";

    /// <summary>Writes the lists and the archive of images.</summary>
    public static void Write(string folder)
    {
        string picture = Path.Combine(folder, "0.png");
        using (var archive = ZipFile.Open(Path.Combine(folder, Archive), ZipArchiveMode.Create))
            for (int i = 0; i < Count; i++)
            {
                TinyData.WriteImage(picture, 218, 178, i);
                archive.CreateEntryFromFile(picture, $"img_align_celeba/{i}.png");
            }
        File.Delete(picture);
        WriteLists(folder);
    }

    public static void WriteLists(string folder)
    {
        File.WriteAllText(Path.Combine(folder, "list_eval_partition.txt"), string.Concat(Enumerable.Range(0, Count).Select(i => $"{i}.png {i % 3}\n")), Encoding.ASCII);
        File.WriteAllText(Path.Combine(folder, "list_attr_celeba.txt"), $"{Count}\nBald Bangs\n" + string.Concat(Enumerable.Range(0, Count).Select(i => $"{i}.png 1 -1\n")), Encoding.ASCII);
    }
}
