using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Copies a 64-bit little-endian ELF library and marks its need of one symbol version as weak.
/// libLibTorchSharp.so needs GLIBCXX_3.4.32 (gcc 13) for a link-time marker that nothing calls, and so refuses to load
/// beside an older libstdc++ (Debian 12, Ubuntu 22.04, RHEL 9). A weak need is ignored there and resolved as usual elsewhere.
/// </summary>
public class WeakenSymbolVersion : Task
{
    private const uint SectionTypeVersionNeed = 0x6ffffffe;
    private const ushort WeakFlag = 2;

    [Required] public string Source { get; set; } = "";
    [Required] public string Destination { get; set; } = "";
    [Required] public string Version { get; set; } = "";

    public override bool Execute()
    {
        try
        {
            byte[] elf = File.ReadAllBytes(Source);
            if (elf.Length < 64 || elf[0] != 0x7f || elf[1] != 'E' || elf[2] != 'L' || elf[3] != 'F' || elf[4] != 2 || elf[5] != 1)
            {
                Log.LogError("'{0}' is not a 64-bit little-endian ELF file.", Source);
                return false;
            }
            int weakened = Weaken(elf);
            if (weakened == 0) Log.LogMessage(MessageImportance.Normal, "'{0}' does not need {1}.", Source, Version);
            Directory.CreateDirectory(Path.GetDirectoryName(Destination)!);
            string temporary = Destination + "." + Guid.NewGuid().ToString("N");
            File.WriteAllBytes(temporary, elf);
            if (File.Exists(Destination)) File.Delete(Destination);
            File.Move(temporary, Destination);
            return true;
        }
        catch (Exception error) when (error is IOException || error is ArgumentException || error is IndexOutOfRangeException || error is UnauthorizedAccessException)
        {
            Log.LogError("Cannot weaken {0} of '{1}': {2}", Version, Source, error.Message);
            return false;
        }
    }

    private int Weaken(byte[] elf)
    {
        long sectionTable = BitConverter.ToInt64(elf, 0x28);
        int sectionSize = BitConverter.ToUInt16(elf, 0x3a), sectionCount = BitConverter.ToUInt16(elf, 0x3c);
        int weakened = 0;
        for (int section = 0; section < sectionCount; section++)
        {
            int header = checked((int)(sectionTable + (long)section * sectionSize));
            if (BitConverter.ToUInt32(elf, header + 4) != SectionTypeVersionNeed) continue;
            int need = checked((int)BitConverter.ToInt64(elf, header + 0x18));
            int names = StringTable(elf, sectionTable, sectionSize, BitConverter.ToInt32(elf, header + 0x28));
            for (int remaining = BitConverter.ToInt32(elf, header + 0x2c); remaining > 0; remaining--)
            {
                int entry = need + BitConverter.ToInt32(elf, need + 8);
                for (int entries = BitConverter.ToUInt16(elf, need + 2); entries > 0; entries--)
                {
                    if (Name(elf, names + BitConverter.ToInt32(elf, entry + 8)) == Version)
                    {
                        ushort flags = (ushort)(BitConverter.ToUInt16(elf, entry + 4) | WeakFlag);
                        elf[entry + 4] = (byte)flags;
                        elf[entry + 5] = (byte)(flags >> 8);
                        weakened++;
                    }
                    entry += BitConverter.ToInt32(elf, entry + 12);
                }
                need += BitConverter.ToInt32(elf, need + 12);
            }
        }
        return weakened;
    }

    private static int StringTable(byte[] elf, long sectionTable, int sectionSize, int index) =>
        checked((int)BitConverter.ToInt64(elf, checked((int)(sectionTable + (long)index * sectionSize)) + 0x18));

    private static string Name(byte[] elf, int start)
    {
        int end = start;
        while (elf[end] != 0) end++;
        return Encoding.ASCII.GetString(elf, start, end - start);
    }
}
