using System.Globalization;

namespace VariationalSparseCoding.Tests;

/// <summary>How long the tests under load go on: 2 s each, or what the variable VSC_STRESS_SECONDS says.</summary>
internal static class Stress
{
    public static readonly TimeSpan Duration =
        TimeSpan.FromSeconds(double.Parse(Environment.GetEnvironmentVariable("VSC_STRESS_SECONDS") ?? "2", CultureInfo.InvariantCulture));
}
