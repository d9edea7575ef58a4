namespace Sample.Low;

#pragma warning disable CS0649 // Declared to be read.

/// <summary>A type of the lower namespace, which each type of <c>Sample.High</c> uses in one way.</summary>
internal class Thing : Exception
{
    public static Thing? Last { get; set; }

    public static T Make<T>() where T : new() => new();

    internal sealed class Inner;
}

/// <summary>An interface of the lower namespace.</summary>
internal interface IThing;

/// <summary>An enumeration of the lower namespace whose numbers are not of the usual size.</summary>
internal enum Size : byte
{
    Small = 1,
    Large,
}

/// <summary>A generic type of the lower namespace.</summary>
internal sealed class Box<T>
{
    public T? Content;
}

/// <summary>An attribute of the lower namespace.</summary>
[AttributeUsage(AttributeTargets.All)]
internal sealed class MarkAttribute : Attribute;
