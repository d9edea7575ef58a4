namespace VariationalSparseCoding.Images.Files;

/// <summary>Where downloaded data sets and what is made of data sets are kept between runs: $XDG_CACHE_HOME/vsc, or else ~/.cache/vsc.</summary>
internal static class CacheFolder
{
    /// <summary>The folder, which may not exist yet.</summary>
    /// <exception cref="InvalidInputException">Neither the variable nor a home folder is known.</exception>
    public static string Path => System.IO.Path.Combine(Parent, "vsc");

    // The specification of that variable has relative paths ignored.
    private static string Parent => Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { } given && System.IO.Path.IsPathFullyQualified(given)
        ? given : System.IO.Path.Combine(Home, ".cache");

    // Of a user whom the system does not know, the runtime says that the root of all folders is his home.
    private static string Home => Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) is { Length: > 0 } home
        && (System.IO.Path.GetDirectoryName(home) is not null || Environment.GetEnvironmentVariable("HOME") is { Length: > 0 }) ? home
        : throw new InvalidInputException("there is no home folder to keep prepared data in (HOME is not set); set XDG_CACHE_HOME to the absolute path of a folder");
}
