using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging.Abstractions;
using Observability.Incidents;
using Observability.Model;
using Observability.Storage;

namespace Observability.Server;

/// <summary>The noise report from a running server or from its journal.</summary>
internal static class NoiseReading
{
    /// <summary>As the API writes it.</summary>
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Asks <c>/api/noise</c> of a server.</summary>
    /// <exception cref="HttpRequestException">It does not answer, or not with 200.</exception>
    public static async Task<NoiseReport> FromServerAsync(Uri server, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = server };
        return await http.GetFromJsonAsync<NoiseReport>("api/noise", Json, cancellationToken) ?? throw new HttpRequestException("the answer is empty");
    }

    /// <summary>Reads a journal without becoming its leader. The report is of the time of its newest record.</summary>
    public static async Task<NoiseReport> FromJournalAsync(string path, StandingOptions options, CancellationToken cancellationToken)
    {
        var topology = new TopologyView();
        var ledger = new FiringLedger(options, topology);
        var end = DateTimeOffset.MinValue;
        await foreach (var record in new JournalReader(path, new JournalOptions(), NullLogger.Instance).ReadAsync(0, cancellationToken))
        {
            end = record.At;
            if (record.Entry is TopologyChanged { Change: { } change })
                topology.Apply(change);
            ledger.Observe(record.Entry, record.At);
        }

        return ledger.Report(end);
    }
}
