using System.Runtime.CompilerServices;
using VariationalSparseCoding.Images;

namespace VariationalSparseCoding.Tests;

/// <summary>What a program does before it opens images.</summary>
internal static class RegisterImages
{
    [ModuleInitializer]
    internal static void Register() => ImageData.Register();
}
