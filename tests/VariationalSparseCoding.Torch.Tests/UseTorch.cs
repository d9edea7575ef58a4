using System.Runtime.CompilerServices;
using VariationalSparseCoding.Torch;

namespace VariationalSparseCoding.Tests;

/// <summary>What a program does before it makes or loads models of tensors.</summary>
internal static class UseTorch
{
    [ModuleInitializer]
    internal static void Use() => TorchEngine.Use();
}
