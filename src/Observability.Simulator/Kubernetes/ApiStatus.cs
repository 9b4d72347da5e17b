using System.Text.Json.Nodes;

namespace Observability.Simulator;

/// <summary>
/// Status objects as the API server writes them, e.g.
/// <c>{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"pods \"p\" not found","reason":"NotFound","details":{"name":"p","kind":"pods"},"code":404}</c>.
/// </summary>
internal static class ApiStatus
{
    public static ApiResult Success(int code, JsonObject? details = null)
    {
        var body = Body("Success");
        if (details is not null)
            body["details"] = details;
        body["code"] = code;
        return new ApiResult(code, body);
    }

    public static ApiResult Failure(int code, string reason, string message, JsonObject? details = null)
    {
        var body = Body("Failure");
        body["message"] = message;
        body["reason"] = reason;
        if (details is not null)
            body["details"] = details;
        body["code"] = code;
        return new ApiResult(code, body);
    }

    public static ApiResult NoSuchPath() =>
        Failure(404, "NotFound", "the server could not find the requested resource", []);

    public static ApiResult NotFound(ResourceKind kind, string name) =>
        Failure(404, "NotFound", $"{Qualified(kind)} \"{name}\" not found", Details(kind, name));

    public static ApiResult AlreadyExists(ResourceKind kind, string name) =>
        Failure(409, "AlreadyExists", $"{Qualified(kind)} \"{name}\" already exists", Details(kind, name));

    public static ApiResult Modified(ResourceKind kind, string name) => Conflict(
        kind, name, "the object has been modified; please apply your changes to the latest version and try again");

    public static ApiResult Conflict(ResourceKind kind, string name, string why) => Failure(
        409, "Conflict", $"Operation cannot be fulfilled on {Qualified(kind)} \"{name}\": {why}", Details(kind, name));

    public static ApiResult BadRequest(string message) => Failure(400, "BadRequest", message);

    public static ApiResult MethodNotAllowed(string method) =>
        Failure(405, "MethodNotAllowed", $"the server does not allow this method on the requested resource ({method})", []);

    public static ApiResult Unsupported(string contentType) => Failure(
        415,
        "UnsupportedMediaType",
        $"the body of the request was in an unknown format ({contentType}) - accepted media types include: application/json, application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json",
        []);

    public static ApiResult Invalid(ResourceKind kind, string name, string field, string why)
    {
        var details = Details(kind, name);
        details["kind"] = kind.Kind;
        details["causes"] = new JsonArray(new JsonObject { ["reason"] = "FieldValueInvalid", ["message"] = why, ["field"] = field });
        var qualified = kind.Group.Length == 0 ? kind.Kind : $"{kind.Kind}.{kind.Group}";
        return Failure(422, "Invalid", $"{qualified} \"{name}\" is invalid: {field}: {why}", details);
    }

    public static ApiResult Expired(long asked, long oldest) =>
        Failure(410, "Expired", $"too old resource version: {asked} ({oldest})");

    private static JsonObject Body(string status) => new()
    {
        ["kind"] = "Status",
        ["apiVersion"] = "v1",
        ["metadata"] = new JsonObject(),
        ["status"] = status,
    };

    private static string Qualified(ResourceKind kind) => kind.Group.Length == 0 ? kind.Plural : $"{kind.Plural}.{kind.Group}";

    private static JsonObject Details(ResourceKind kind, string name)
    {
        var details = new JsonObject { ["name"] = name };
        if (kind.Group.Length > 0)
            details["group"] = kind.Group;
        details["kind"] = kind.Plural;
        return details;
    }
}
