using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Onnx.Material;

/// <summary>The resources embedded in an assembly, read from its file: nothing of it is loaded or run.</summary>
internal static class EmbeddedResources
{
    /// <summary>Reads a resource.</summary>
    /// <param name="path">The assembly's file.</param>
    /// <param name="name">The resource's name.</param>
    /// <exception cref="InvalidInputException">The file is missing or no assembly, or has no such resource.</exception>
    public static byte[] Read(string path, string name) => InputFile.Read(path, stream =>
    {
        try
        {
            using var file = new PEReader(stream, PEStreamOptions.LeaveOpen);
            var metadata = file.GetMetadataReader();
            foreach (var handle in metadata.ManifestResources)
            {
                var resource = metadata.GetManifestResource(handle);
                // What lies in another file has an implementation.
                if (!resource.Implementation.IsNil || metadata.GetString(resource.Name) != name) continue;
                var section = file.GetSectionData(file.PEHeaders.CorHeader!.ResourcesDirectory.RelativeVirtualAddress);
                var reader = section.GetReader(checked((int)resource.Offset), checked(section.Length - (int)resource.Offset));
                return reader.ReadBytes(reader.ReadInt32());
            }
        }
        catch (Exception failure) when (failure is BadImageFormatException or InvalidOperationException or ArgumentException or OverflowException)
        {
            throw InputFile.Malformed(path, $"this is no assembly that can be read ({failure.Message.ReplaceLineEndings(" ")})", "restore its package again", failure);
        }
        throw InputFile.Malformed(path, $"the assembly holds no resource '{name}'", "restore its package again");
    });
}
