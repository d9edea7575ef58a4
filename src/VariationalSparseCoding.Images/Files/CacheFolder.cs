namespace VariationalSparseCoding.Images.Files;

/// <summary>Where downloaded data sets and what is made of data sets are kept between runs: $XDG_CACHE_HOME/vsc, or else ~/.cache/vsc.</summary>
internal static class CacheFolder
{
    /// <summary>The folder, which may not exist yet.</summary>
    public static string Path => System.IO.Path.Combine(Parent, "vsc");

    // The specification of that variable has relative paths ignored.
    private static string Parent => Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { } given && System.IO.Path.IsPathFullyQualified(given)
        ? given : System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
}
