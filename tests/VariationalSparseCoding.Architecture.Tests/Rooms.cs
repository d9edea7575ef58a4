using VariationalSparseCoding.Architecture.Tests.Metadata;

namespace VariationalSparseCoding.Architecture.Tests;

/// <summary>The rooms of the core: the folders of its project, each with the namespaces below it.</summary>
internal static class Rooms
{
    /// <summary>The name of the place of errors, which stand in the project's own folder and which every room may use.</summary>
    public const string Ground = "(errors)";

    /// <summary>The name of the project's own folder.</summary>
    public const string FrontDoor = "(front door)";

    /// <summary>
    /// The order from the ground up: a room may use the rooms before it, and no other. A new room gets its line here and its row in
    /// <c>docs/architecture.md</c>.
    /// </summary>
    public static readonly IReadOnlyList<string> FromTheGroundUp =
    [
        "Numerics",
        "Random",
        "Kernels",
        "Experiments",
        "Serialization",
        "Data",
        "Metrics",
        "MapInference",
        "Synthetic",
        "Posteriors",
        "Networks",
        "Objectives",
        "Engine",
        "Inference",
        "Training",
        "Runs",
        "Evaluation",
        "Exchange",
        FrontDoor,
    ];

    private static readonly IReadOnlyList<string> errors = ["InvalidInputException", "Remedy"];

    /// <summary>Returns the room of a type of the core; a namespace outside of the library's in full.</summary>
    /// <param name="type">A type; the result is null for one of another assembly.</param>
    public static string? Of(NamedType type)
    {
        if (type.Assembly != ProjectFile.Library) return null;
        if (type.Namespace == ProjectFile.Library) return errors.Contains(type.Name) ? Ground : FrontDoor;
        return type.Namespace.StartsWith(ProjectFile.Library + ".", StringComparison.Ordinal) ? type.Namespace.Split('.')[1] : $"({type.Namespace})";
    }

    /// <summary>Returns the namespace of a type, in which errors stand apart from the front door.</summary>
    /// <param name="type">A type of any assembly.</param>
    public static string Namespace(NamedType type) =>
        Of(type) == Ground ? Ground : type.Namespace.Length == 0 ? "(global)" : type.Namespace;

    /// <summary>Returns whether a room may use another by their order. Rooms that are not in the order are another test's business.</summary>
    /// <param name="user">The room that uses.</param>
    /// <param name="used">The room that is used.</param>
    public static bool MayUse(string user, string used) => Floor(user) is var above && Floor(used) is var below && (above is null || below is null || above > below);

    private static int? Floor(string room)
    {
        if (room == Ground) return -1;
        for (int i = 0; i < FromTheGroundUp.Count; i++)
        {
            if (FromTheGroundUp[i] == room) return i;
        }
        return null;
    }
}
