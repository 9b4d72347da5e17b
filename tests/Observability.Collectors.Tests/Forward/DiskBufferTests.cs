using Microsoft.Extensions.Logging.Abstractions;

namespace Observability.Collectors.Tests;

public sealed class DiskBufferTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("collectors-buffer-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void WhatWasAppended_ComesBackInOrderAfterARestart()
    {
        using (var first = Open())
        {
            Append(first, 1, 2, 3);
            Take(first, 1);
        }

        using var second = Open();
        Append(second, 4);

        Assert.Equal(3, second.Items);
        Assert.Equal([2, 3, 4], Drain(second));
        Assert.Null(second.Peek());
    }

    [Fact]
    public void WithoutItsCursor_EverythingOnDiskComesAgain()
    {
        using (var first = Open())
        {
            Append(first, 1, 2);
            Take(first, 1);
        }

        File.Delete(Path.Combine(_folder, "cursor"));
        using var second = Open();

        Assert.Equal([1, 2], Drain(second));
    }

    [Fact]
    public void TornEnd_IsCutOffAndTheRestComes()
    {
        using (var first = Open())
            Append(first, 1, 2, 3);
        var file = Assert.Single(Directory.GetFiles(_folder, "*.segment"));
        using (var stream = File.OpenWrite(file))
            stream.SetLength(stream.Length - 3);

        using var second = Open();
        Append(second, 4);

        Assert.Equal([1, 2, 4], Drain(second));
    }

    [Fact]
    public void SpoiledEntry_EndsItsSegmentOnly()
    {
        using (var first = Open(limit: 1_048_576))
        {
            for (var i = 0; i < 12; i++)
                first.Append(new BufferedEntry(BufferedKind.Samples, 1, [(byte)i, .. new byte[20_000]]));
        }

        var files = Directory.GetFiles(_folder, "*.segment").Order(StringComparer.Ordinal).ToArray();
        Assert.True(files.Length > 2);
        using (var stream = new FileStream(files[0], FileMode.Open, FileAccess.ReadWrite))
        {
            stream.Position = 20_050;
            stream.WriteByte(1);
        }

        using var second = Open(limit: 1_048_576);

        // The first entry is whole, the second and what follows in the same file is not to be trusted.
        Assert.Equal([0, 4, 5, 6, 7, 8, 9, 10, 11], Drain(second));
    }

    [Fact]
    public void BeyondItsLimit_TheOldestGoAndNothingElse()
    {
        using var buffer = Open(limit: 1_048_576);
        for (var i = 0; i < 200; i++)
            buffer.Append(new BufferedEntry(BufferedKind.Samples, 1, [(byte)i, .. new byte[10_000]]));

        var left = Drain(buffer);

        Assert.True(left.Count is > 80 and < 110, $"{left.Count}");
        Assert.Equal(Enumerable.Range(200 - left.Count, left.Count), left);
        Assert.True(buffer.Bytes <= 1_048_576);
    }

    [Fact]
    public void SecondProcess_IsRefused()
    {
        using var first = Open();

        var fault = Assert.Throws<IOException>(() => Open());

        Assert.Contains("is held by another process", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void AnyOrderOfAppendsTakesAndRestarts_BehavesAsAQueue(int seed)
    {
        var random = new Random(seed);
        var model = new Queue<int>();
        var next = 0;
        var buffer = Open();
        for (var i = 0; i < 2_000; i++)
        {
            switch (random.Next(20))
            {
                case < 10:
                    buffer.Append(new BufferedEntry(BufferedKind.Events, 1, BitConverter.GetBytes(next)));
                    model.Enqueue(next++);
                    break;
                case < 19 when model.Count > 0:
                    var entry = buffer.Peek()!;
                    Assert.Equal(model.Dequeue(), BitConverter.ToInt32(entry.Body));
                    buffer.Take(entry);
                    break;
                case 19:
                    buffer.Dispose();
                    buffer = Open();
                    break;
            }

            Assert.Equal(model.Count, buffer.Items);
        }

        buffer.Dispose();
    }

    private DiskBuffer Open(long limit = 10_000_000) => new(_folder, limit, NullLogger.Instance);

    private static void Append(DiskBuffer buffer, params ReadOnlySpan<byte> items)
    {
        foreach (var item in items)
            buffer.Append(new BufferedEntry(BufferedKind.Samples, 1, [item]));
    }

    private static void Take(DiskBuffer buffer, byte expected)
    {
        var entry = buffer.Peek()!;
        Assert.Equal(expected, entry.Body[0]);
        buffer.Take(entry);
    }

    private static List<int> Drain(DiskBuffer buffer)
    {
        var all = new List<int>();
        while (buffer.Peek() is { } entry)
        {
            all.Add(entry.Body[0]);
            buffer.Take(entry);
        }

        return all;
    }
}
