using System.ComponentModel.DataAnnotations;

namespace Observability.Server;

/// <summary>What leaves about the platform itself.</summary>
public sealed class TelemetryOptions
{
    /// <summary>OTLP endpoint for traces and metrics, without a signal's path; empty for none.</summary>
    [HttpUrl]
    public string OtlpEndpoint { get; set; } = "";

    /// <summary><c>grpc</c> (usually port 4317) or <c>http</c> (usually port 4318).</summary>
    [AllowedValues("grpc", "http", ErrorMessage = "must be grpc or http")]
    public string OtlpProtocol { get; set; } = "grpc";
}
