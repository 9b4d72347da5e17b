using System.Net;
using Observability.Collectors;

namespace Observability.Server;

/// <summary>Takes what a fleet pushes to a platform in the same process: the front doors without the network.</summary>
internal sealed class DoorTransport(Platform platform) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = await request.Content!.ReadAsByteArrayAsync(cancellationToken);
        var status = request.RequestUri!.AbsolutePath switch
        {
            "/v1/metrics" => platform.OtlpInbox.Receive(
                body, request.Content.Headers.ContentType?.MediaType == "application/json" ? OtlpEncoding.Json : OtlpEncoding.Protobuf).Status,
            "/api/changes" => platform.ChangesInbox.Post(body).Status,
            _ => (int)HttpStatusCode.NotFound,
        };
        return new HttpResponseMessage((HttpStatusCode)status);
    }
}
