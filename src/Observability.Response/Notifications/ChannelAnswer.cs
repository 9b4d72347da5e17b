namespace Observability.Response;

/// <summary>The other side's answer.</summary>
/// <param name="Accepted">True where it took the message.</param>
/// <param name="MayRetry">True where it is worth another try.</param>
/// <param name="Detail">What it said, shortened.</param>
/// <param name="RetryAfter">How long it wants to be left alone.</param>
public sealed record ChannelAnswer(bool Accepted, bool MayRetry, string Detail, TimeSpan? RetryAfter = null)
{
    private static readonly TimeSpan MostPatience = TimeSpan.FromHours(1);

    /// <summary>Reads an HTTP answer: 2xx is yes; 408, 429 and 5xx may be tried again. <c>Retry-After</c> may be seconds or a date.</summary>
    public static ChannelAnswer Of(HttpResponseMessage answer, string body, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(answer);
        ArgumentNullException.ThrowIfNull(body);
        var status = (int)answer.StatusCode;
        var detail = $"{status} {(body.Length > 200 ? body[..200] : body)}".Trim();
        var wait = answer.Headers.RetryAfter is { } stated ? stated.Delta ?? (stated.Date - now) : null;
        if (wait is { } asked)
            wait = asked < TimeSpan.Zero ? null : asked > MostPatience ? MostPatience : asked;
        return new ChannelAnswer(answer.IsSuccessStatusCode, status is 408 or 429 or >= 500, detail, answer.IsSuccessStatusCode ? null : wait);
    }
}
