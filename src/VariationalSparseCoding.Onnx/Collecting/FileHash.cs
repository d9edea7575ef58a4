using System.Security.Cryptography;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Onnx.Collecting;

/// <summary>What tells whether a file is still the same.</summary>
internal static class FileHash
{
    /// <summary>Returns the SHA-256 of a file's bytes in hexadecimal digits.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidInputException">It is missing or cannot be read.</exception>
    public static string Of(string path) => InputFile.Read(path, stream => Convert.ToHexStringLower(SHA256.HashData(stream)));
}
