using System.Globalization;

namespace Observability.Collectors;

/// <summary>
/// Follows a log that a node agent serves: <c>GET url?after=POSITION</c>. A kernel log's position is the sequence number of
/// its last line and its answer names the boot (<c>X-Boot-Id</c>, <c>X-Boot-Time-Unix-Ms</c>); any other log's position is
/// the header <c>X-Next-Offset</c>.
/// </summary>
internal sealed class HttpTail(LogSource source, HttpClient http, TailOptions options, TimeProvider time) : ILogTail
{
    public async Task<TailRead> ReadAsync(TailPosition? since, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(options.Timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            var read = await GetAsync(since, both.Token);
            // After a reboot sequence numbers begin again: what was asked for belonged to the old boot.
            return since is not null && since.BootId.Length > 0 && read.BootId.Length > 0 && read.BootId != since.BootId
                ? await GetAsync(null, both.Token)
                : read;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new TailRead(since, []) { Error = $"no answer within {options.Timeout.TotalSeconds:0.###} s" };
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            return new TailRead(since, []) { Error = fault.Message };
        }
    }

    private async Task<TailRead> GetAsync(TailPosition? since, CancellationToken cancellationToken)
    {
        var join = source.Location.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        var url = since is null ? source.Location : $"{source.Location}{join}after={since.Offset}";
        using var response = await http.GetAsync(new Uri(url), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (!response.IsSuccessStatusCode)
            return new TailRead(since, []) { Error = $"{url} answered {(int)response.StatusCode}" };
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var body = await LimitedBody.ReadAsync(
            stream, response.Content.Headers.ContentEncoding.LastOrDefault(), options.BodyLimitBytes, cancellationToken);
        if (body.Fault != BodyFault.None)
            return new TailRead(since, []) { Error = $"{url}: {body.Error}" };
        var (lines, used, cut) = LineSplitter.Split(body.Bytes.Span, options.LineBytes);
        if (source.Kind == LogKind.Kernel && used < body.Bytes.Length)
            lines.Add(System.Text.Encoding.UTF8.GetString(body.Bytes.Span[used..]));
        var boot = Header(response, "X-Boot-Id");
        return new TailRead(Position(since, response, lines, used) with { BootId = boot }, lines)
        {
            BootId = boot,
            BootTime = Number(response, "X-Boot-Time-Unix-Ms") is { } unix ? DateTimeOffset.FromUnixTimeMilliseconds(unix) : null,
            Cut = cut,
        };
    }

    private TailPosition Position(TailPosition? since, HttpResponseMessage response, List<string> lines, int used)
    {
        var before = since?.Offset ?? (source.Kind == LogKind.Kernel ? -1 : 0);
        var after = source.Kind == LogKind.Kernel
            ? lines.Select(line => KernelLine.Parse(line).Sequence ?? before).Append(before).Max()
            : Number(response, "X-Next-Offset") ?? before + used;
        return new TailPosition(source.Location, after);
    }

    private static string Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.First() : "";

    private static long? Number(HttpResponseMessage response, string name) =>
        long.TryParse(Header(response, name), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number)
            && number is >= 0 and < 253_402_300_800_000 ? number : null;
}
