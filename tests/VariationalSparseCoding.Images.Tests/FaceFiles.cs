using System.IO.Compression;
using System.Text;
using SkiaSharp;
using VariationalSparseCoding.Experiments;

namespace VariationalSparseCoding.Images.Tests;

/// <summary>Small sets in the layout of CelebA: image n has part n mod 3.</summary>
internal static class FaceFiles
{
    public const int Count = 12;

    public static string Name(int image) => $"{image:D6}.jpg";

    /// <summary>A smooth JPEG of 218 x 178 pixels, another for every number.</summary>
    public static byte[] Jpeg(int number, int height = 218, int width = 178)
    {
        byte[] pixels = new byte[height * width * 4];
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
                for (int c = 0; c < 4; c++) pixels[(y * width + x) * 4 + c] = c == 3 ? (byte)255 : (byte)(128 + 100 * Math.Sin((x + 3 * number) * 0.05 + y * 0.03 * (c + 1)));
        return TestImages.Encode(SKColorType.Rgba8888, height, width, pixels, SKEncodedImageFormat.Jpeg);
    }

    /// <summary>Writes images and lists; images are those of the numbers given, or all.</summary>
    public static DataOptions Write(ScratchFolder folder, bool zipped = false, int[]? images = null)
    {
        int[] present = images ?? [.. Enumerable.Range(0, Count)];
        if (zipped)
        {
            using var archive = ZipFile.Open(folder.File("img_align_celeba.zip"), ZipArchiveMode.Create);
            archive.CreateEntry("img_align_celeba/");
            foreach (int image in present)
            {
                using var stream = archive.CreateEntry("img_align_celeba/" + Name(image)).Open();
                stream.Write(Jpeg(image));
            }
        }
        else
        {
            Directory.CreateDirectory(folder.File("img_align_celeba"));
            foreach (int image in present) folder.Write("img_align_celeba/" + Name(image), Jpeg(image));
        }
        WriteLists(folder);
        return new DataOptions { Source = DataOptions.CelebA, Root = folder.Path, TrainSamples = 3, ValidationSamples = 2 };
    }

    public static void WriteLists(ScratchFolder folder)
    {
        folder.Write("list_eval_partition.txt", Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, Count).Select(i => $"{Name(i)} {i % 3}\n"))));
        folder.Write("list_attr_celeba.txt", Encoding.ASCII.GetBytes($"{Count}\nBald Bangs Smiling \n" + string.Concat(Enumerable.Range(0, Count).Select(i => $"{Name(i)} {(i % 2 == 0 ? " 1" : "-1")} -1 {(i > 5 ? " 1" : "-1")}\r\n"))));
    }
}
