using System.Text.Json.Nodes;

namespace Observability.Simulator;

/// <summary>Which objects a list or a watch is about.</summary>
internal sealed record ResourceFilter(ResourceKind Kind, string Namespace, string Name, LabelSelector Labels, FieldSelector Fields)
{
    /// <summary>Reads path and selectors of a request; a result when one of them is malformed.</summary>
    public static ApiResult? Read(ApiRequest request, out ResourceFilter filter)
    {
        var labels = LabelSelector.Parse(request.Parameter("labelSelector"));
        var readable = FieldSelector.TryParse(request.Kind, request.Parameter("fieldSelector"), out var fields, out var problem);
        filter = new ResourceFilter(request.Kind, request.Path.Namespace, request.Path.Name, labels ?? LabelSelector.Everything, fields);
        if (labels is null)
            return ApiStatus.BadRequest($"unable to parse requirement: invalid labelSelector '{request.Parameter("labelSelector")}'");
        return readable ? null : ApiStatus.BadRequest(problem);
    }

    /// <summary>Whether an object in the requested form is meant.</summary>
    public bool Matches(JsonObject value) =>
        (Namespace.Length == 0 || value.Namespace() == Namespace) && (Name.Length == 0 || value.Name() == Name)
        && Labels.Matches(value) && Fields.Matches(value);
}
