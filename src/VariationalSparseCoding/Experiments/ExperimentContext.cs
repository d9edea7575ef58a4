using System.Text.Json.Serialization;

namespace VariationalSparseCoding.Experiments;

/// <summary>The serializer's code for experiments, generated when the library is compiled. <see cref="ExperimentSchema"/> has its settings.</summary>
[JsonSerializable(typeof(Experiment))]
internal sealed partial class ExperimentContext : JsonSerializerContext;
