namespace Observability.Response;

/// <summary>The other side's answer.</summary>
/// <param name="Accepted">True where it took the message.</param>
/// <param name="MayRetry">True where it is worth another try.</param>
/// <param name="Detail">What it said, shortened.</param>
/// <param name="RetryAfter">How long it wants to be left alone.</param>
public sealed record ChannelAnswer(bool Accepted, bool MayRetry, string Detail, TimeSpan? RetryAfter = null)
{
    /// <summary>Reads an HTTP answer: 2xx is yes; 408, 429 and 5xx may be tried again.</summary>
    public static ChannelAnswer Of(HttpResponseMessage answer, string body)
    {
        ArgumentNullException.ThrowIfNull(answer);
        var status = (int)answer.StatusCode;
        var detail = $"{status} {(body.Length > 200 ? body[..200] : body)}".Trim();
        return new ChannelAnswer(answer.IsSuccessStatusCode, status is 408 or 429 or >= 500, detail, answer.Headers.RetryAfter?.Delta);
    }
}
