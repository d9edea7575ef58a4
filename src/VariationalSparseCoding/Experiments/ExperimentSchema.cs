using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace VariationalSparseCoding.Experiments;

/// <summary>The form of experiments as JSON: keys, names, and the type of every setting, without reflection.</summary>
internal static class ExperimentSchema
{
    /// <summary>Every enumeration of an experiment. One that is missing here would be written as a number.</summary>
    private static readonly Dictionary<Type, EnumNames> Enums = new[]
    {
        EnumNames.Of<Fidelity>(), EnumNames.Of<Normalisation>(), EnumNames.Of<HeldOut>(),
        EnumNames.Of<ThresholdKind>(), EnumNames.Of<GradientEstimator>(), EnumNames.Of<ShiftGradient>(),
        EnumNames.Of<SubgradientScale>(), EnumNames.Of<SpikeLogit>(), EnumNames.Of<InitialHeads>(), EnumNames.Of<GammaPriorMatch>(),
        EnumNames.Of<PriorKind>(), EnumNames.Of<DrawSelection>(), EnumNames.Of<ImportanceWeights>(),
        EnumNames.Of<BackboneKind>(), EnumNames.Of<GeneratorKind>(), EnumNames.Of<BatchNormStatistics>(),
        EnumNames.Of<StepSizes>(), EnumNames.Of<ComputeDevice>(), EnumNames.Of<ComputePrecision>(),
    }.ToDictionary(names => names.Type);

    /// <summary>How experiments are written: camelCase keys, kebab-case names, readable letters, indented.</summary>
    public static JsonSerializerOptions Settings { get; } = Create();

    /// <summary>Returns what the serializer knows of a type.</summary>
    /// <typeparam name="T">The experiment, or a type of one of its settings.</typeparam>
    public static JsonTypeInfo<T> InfoOf<T>() => (JsonTypeInfo<T>)Settings.GetTypeInfo(typeof(T));

    /// <summary>Returns the names among which a setting chooses: those of an enumeration's values, or of the families; null if a type has no names.</summary>
    /// <param name="type">The type of a setting.</param>
    public static IReadOnlyList<string>? NamesOf(Type type) =>
        type == typeof(MethodFamily) ? [.. MethodTable.Families.Select(family => family.Name)] : Enums.GetValueOrDefault(type)?.Names;

    private static JsonSerializerOptions Create()
    {
        var settings = new JsonSerializerOptions
        {
            WriteIndented = true,
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            RespectNullableAnnotations = true,
            TypeInfoResolver = ExperimentContext.Default,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        foreach (var names in Enums.Values) settings.Converters.Add(names.Converter);
        settings.MakeReadOnly();
        return settings;
    }

    private sealed record EnumNames(Type Type, IReadOnlyList<string> Names, JsonConverter Converter)
    {
        public static EnumNames Of<T>() where T : struct, Enum => new(typeof(T), [.. Enum.GetValues<T>().Select(ExperimentJson.Name)],
            new JsonStringEnumConverter<T>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false));
    }
}
