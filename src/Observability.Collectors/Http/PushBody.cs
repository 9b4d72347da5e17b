using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Observability.Collectors;

/// <summary>Reads what was pushed to one of our doors under the door's own limit.</summary>
internal static class PushBody
{
    public static Task<BodyRead> ReadAsync(HttpContext context, long limitBytes) =>
        ReadAsync(context, limitBytes, context.Request.Headers.ContentEncoding.ToString());

    /// <summary>Reads a body whose encoding the caller knows better than its header.</summary>
    public static async Task<BodyRead> ReadAsync(HttpContext context, long limitBytes, string encoding)
    {
        // The server's own limit of 30 MB counts before decompression and answers without a reason.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } server)
            server.MaxRequestBodySize = null;
        try
        {
            return await LimitedBody.ReadAsync(context.Request.Body, encoding, limitBytes, context.RequestAborted);
        }
        catch (Exception fault) when (fault is IOException or BadHttpRequestException)
        {
            return new BodyRead([], 0, BodyFault.Broken, $"the body could not be read: {fault.Message}");
        }
    }
}
