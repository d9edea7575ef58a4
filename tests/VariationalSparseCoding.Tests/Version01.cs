using VariationalSparseCoding.Runs;
using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Tests;

/// <summary>The files of version 0.1: always the project's copy.</summary>
internal static class Version01
{
    private static string Root => Path.Combine(AppContext.BaseDirectory, "fixtures", "version-0.1");

    /// <summary>The names of the runs.</summary>
    public static IEnumerable<string> Runs => Directory.GetDirectories(Root).Select(folder => Path.GetFileName(folder)).Where(name => name != "saved").Order(StringComparer.Ordinal);

    /// <summary>A file or folder.</summary>
    /// <param name="parts">Its path below the folder of all.</param>
    public static string File(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>The samples that no run has seen, [25, 12].</summary>
    public static float[] NewRows => Matrix("new-rows.npy");

    /// <summary>The numbers of a matrix, row by row.</summary>
    /// <param name="parts">Its path below the folder of all.</param>
    public static float[] Matrix(params string[] parts)
    {
        using var matrix = NpyMatrix.Open(File(parts));
        float[] values = new float[matrix.Rows * matrix.Columns];
        matrix.CopyRows(0, (int)matrix.Rows, values);
        return values;
    }

    /// <summary>The step at which a run was interrupted; 0: never.</summary>
    /// <param name="run">The run.</param>
    public static int InterruptedAt(string run) => !Directory.Exists(File(run, "interrupted")) ? 0 : (int)Checkpoint.StepOf(Directory.GetFiles(File(run, "interrupted")).Single())!.Value;
}
