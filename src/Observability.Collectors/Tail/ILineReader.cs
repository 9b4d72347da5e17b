namespace Observability.Collectors;

/// <summary>Understands the lines of one log, in order.</summary>
internal interface ILineReader
{
    void Read(TailRead read, DateTimeOffset now);
}
