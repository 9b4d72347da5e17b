using System.Text.Json.Serialization;

namespace Observability.Storage;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(IncidentDocument))]
[JsonSerializable(typeof(AlertDocument))]
[JsonSerializable(typeof(BulkHeader))]
[JsonSerializable(typeof(BulkReply))]
internal sealed partial class ElasticsearchJson : JsonSerializerContext;
