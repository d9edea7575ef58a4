using System.Runtime.CompilerServices;
using VariationalSparseCoding.Experiments;
using VariationalSparseCoding.Posteriors;
using VariationalSparseCoding.Tests.Experiments;
using VariationalSparseCoding.Tests.Posteriors;

namespace VariationalSparseCoding.Tests;

/// <summary>The rows of the Cauchy family, so that every test over the table of methods runs over its method too.</summary>
internal static class CauchyRows
{
    [ModuleInitializer]
    internal static void Register()
    {
        var family = new CauchyMethods();
        MethodTable.Register(new Method("thresholded-cauchy", "Thresholded Cauchy", family, ThresholdKind.Fixed, "Cauchy draws through the shifted soft-threshold"));
        PosteriorTable.Register(family, (options, features, slots, lines) => new LocationScaleRows<CauchyBase>(options, features, slots, lines));
    }
}
