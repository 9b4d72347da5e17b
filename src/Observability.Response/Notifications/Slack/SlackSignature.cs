using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Observability.Response;

/// <summary>Checks that a request comes from Slack, and comes now.</summary>
public static class SlackSignature
{
    private static readonly TimeSpan MostSkew = TimeSpan.FromSeconds(300);

    /// <summary>Why the request is refused; null where it is genuine.</summary>
    /// <param name="secret">The app's signing secret.</param>
    /// <param name="timestamp">Header X-Slack-Request-Timestamp.</param>
    /// <param name="signature">Header X-Slack-Signature.</param>
    /// <param name="body">The raw body.</param>
    /// <param name="now">The clock.</param>
    public static string? Refusal(string secret, string timestamp, string signature, string body, DateTimeOffset now)
    {
        if (secret.Length == 0)
            return "server.slack_signing_secret is not set, so no interaction is taken";
        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > 253_402_300_799)
            return "X-Slack-Request-Timestamp is missing or not a number";
        if ((now - DateTimeOffset.FromUnixTimeSeconds(seconds)).Duration() > MostSkew)
            return "X-Slack-Request-Timestamp is more than 300 s away: stale or replayed";
        var expected = Encoding.UTF8.GetBytes(Sign(secret, timestamp, body));
        return CryptographicOperations.FixedTimeEquals(expected, Encoding.UTF8.GetBytes(signature)) ? null : "X-Slack-Signature does not match";
    }

    /// <summary><c>v0=</c> and the hex HMAC-SHA256 of <c>v0:timestamp:body</c>.</summary>
    public static string Sign(string secret, string timestamp, string body) =>
        "v0=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"v0:{timestamp}:{body}")));
}
