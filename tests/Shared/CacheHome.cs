namespace VariationalSparseCoding.Tests.Serialization;

/// <summary>A cache folder of one test's own; tests do not run at the same time.</summary>
internal sealed class CacheHome : IDisposable
{
    private const string Variable = "XDG_CACHE_HOME";
    private readonly ScratchFolder folder = new();
    private readonly string? before = Environment.GetEnvironmentVariable(Variable);

    public CacheHome() => Environment.SetEnvironmentVariable(Variable, folder.Path);

    public string Path => folder.File("vsc");

    public string[] Files => Directory.Exists(Path) ? Directory.GetFiles(Path) : [];

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(Variable, before);
        folder.Dispose();
    }
}
