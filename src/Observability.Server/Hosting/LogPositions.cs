using System.Text.Json;
using Observability.Collectors;

namespace Observability.Server;

/// <summary>How far each log has been read, in one small file of the state folder, replaced as a whole.</summary>
internal sealed class LogPositions(string state, ILogger<LogPositions> logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private readonly string _path = state.Length == 0 ? "" : Path.Combine(state, "log-positions.json");
    private DateTimeOffset _due = DateTimeOffset.MinValue;

    /// <summary>The stored positions; none where there is no file, or none that can be read.</summary>
    public IReadOnlyList<TailPosition> Read()
    {
        if (_path.Length == 0 || !File.Exists(_path))
            return [];
        try
        {
            return JsonSerializer.Deserialize<TailPosition[]>(File.ReadAllBytes(_path)) ?? [];
        }
        catch (Exception fault) when (fault is JsonException or IOException or UnauthorizedAccessException)
        {
            ServerLog.PositionsUnreadable(logger, _path, fault.Message);
            return [];
        }
    }

    /// <summary>Writes the positions if it is time.</summary>
    public void WriteDue(DateTimeOffset now, Func<IReadOnlyList<TailPosition>> positions)
    {
        if (_path.Length == 0 || now < _due)
            return;
        _due = now + Interval;
        try
        {
            var fresh = _path + ".new";
            File.WriteAllBytes(fresh, JsonSerializer.SerializeToUtf8Bytes(positions()));
            File.Move(fresh, _path, overwrite: true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            ServerLog.PositionsNotWritten(logger, _path, fault.Message);
        }
    }
}
