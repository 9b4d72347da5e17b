namespace Observability.Collectors.Tests;

/// <summary>Takes an <c>ExportLogsServiceRequest</c> apart, knowing no more of events than OTLP does.</summary>
internal static class LogsRequest
{
    public sealed record Record(DateTimeOffset At, string Body, Dictionary<string, string> Attributes);

    public static (string Scope, List<Record> Records) Read(ReadOnlySpan<byte> request)
    {
        var scope = "";
        var records = new List<Record>();
        var logs = new ProtoReader(Field(Field(request, 1), 2));
        while (logs.Next())
        {
            if (logs.Field == 1)
                scope = System.Text.Encoding.UTF8.GetString(Field(logs.Bytes, 1));
            else if (logs.Field == 2)
                records.Add(ReadRecord(logs.Bytes));
        }

        Assert.False(logs.IsBroken);
        return (scope, records);
    }

    private static Record ReadRecord(ReadOnlySpan<byte> bytes)
    {
        var record = new Record(default, "", []);
        var fields = new ProtoReader(bytes);
        while (fields.Next())
        {
            if (fields.Field == 1)
                record = record with { At = DateTimeOffset.UnixEpoch.AddTicks((long)(fields.Number / 100)) };
            else if (fields.Field == 5)
                record = record with { Body = System.Text.Encoding.UTF8.GetString(Field(fields.Bytes, 1)) };
            else if (fields.Field == 6)
                record.Attributes.Add(System.Text.Encoding.UTF8.GetString(Field(fields.Bytes, 1)), System.Text.Encoding.UTF8.GetString(Field(Field(fields.Bytes, 2), 1)));
        }

        Assert.False(fields.IsBroken);
        return record;
    }

    private static ReadOnlySpan<byte> Field(ReadOnlySpan<byte> message, int number)
    {
        var fields = new ProtoReader(message);
        while (fields.Next())
        {
            if (fields.Field == number)
                return fields.Bytes;
        }

        Assert.Fail($"no field {number}");
        return [];
    }
}
