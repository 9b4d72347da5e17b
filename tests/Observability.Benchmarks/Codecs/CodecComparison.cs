using System.Diagnostics;
using System.Globalization;
using Observability.Metrics;

namespace Observability.Benchmarks;

/// <summary>Bytes per sample of each codec on the same chunks, alone and below zstd, and what the codecs of the store cost to write and read.</summary>
internal static class CodecComparison
{
    private const int SamplesPerChunk = 120;
    private const int ChunksPerBlock = 64;
    private const int ZstdLevel = 3;

    public static void Run(TextWriter output)
    {
        output.WriteLine($"bytes per sample, {SamplesPerChunk} samples per chunk; zstd level {ZstdLevel} per chunk / per {ChunksPerBlock} chunks of neighbouring series");
        output.WriteLine("| data | samples | XOR | XOR+zstd | Chimp | decimal, else XOR | decimal+zstd | ns write | ns read |");
        output.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        Print(output, "simulated dcgm-exporter and node_exporter, 4 nodes, 2 h at 10 s", CodecData.Fleet());
        var mix = new List<SampleBuffer>();
        foreach (var kind in (string[])["counter", "gauge", "constant", "random double", "gauge, 3 decimals"])
        {
            var data = CodecData.Kind(kind);
            Print(output, kind, data);
            if (kind != "gauge, 3 decimals")
                mix.AddRange(data);
        }

        Print(output, "the first four together", mix);
    }

    private static void Print(TextWriter output, string name, List<SampleBuffer> series)
    {
        var (xor, best) = (new List<byte[]>(), new List<(byte[] Bytes, int Count)>());
        long samples = 0, chimp = 0;
        foreach (var one in series)
        {
            for (var at = 0; at < one.Count; at += SamplesPerChunk)
            {
                var count = Math.Min(SamplesPerChunk, one.Count - at);
                var times = one.Times.Slice(at, count);
                var values = one.Values.Slice(at, count);
                var open = new ChunkCodec();
                for (var i = 0; i < count; i++)
                    open.Append(times[i], values[i]);
                xor.Add(open.Bytes.ToArray());
                best.Add((DecimalCodec.Seal(open.Bytes, count), count));
                chimp += Chimp.Size(times, values);
                samples += count;
            }
        }

        string Per(double bytes) => (bytes / samples).ToString("0.00", CultureInfo.InvariantCulture);
        string Zstd(List<byte[]> chunks) => $"{Per(Compressed(chunks, 1))} / {Per(Compressed(chunks, ChunksPerBlock))}";
        var sealedBytes = best.ConvertAll(chunk => chunk.Bytes);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {name} | {samples:N0} | {Per(xor.Sum(bytes => (long)bytes.Length))} | {Zstd(xor)} | {Per(chimp)} | {Per(sealedBytes.Sum(bytes => (long)bytes.Length))} | {Zstd(sealedBytes)} | {WriteCost(series, samples):0} | {ReadCost(best, samples):0} |"));
    }

    private static long Compressed(List<byte[]> chunks, int perBlock)
    {
        using var compressor = new ZstdSharp.Compressor(ZstdLevel);
        long bytes = 0;
        foreach (var block in chunks.Chunk(perBlock))
        {
            byte[] joined = [.. block.SelectMany(chunk => chunk)];
            bytes += Math.Min(joined.Length, compressor.Wrap(joined).Length);
        }

        return bytes;
    }

    private static double WriteCost(List<SampleBuffer> series, long samples) => Nanoseconds(samples, () =>
    {
        var open = new ChunkCodec();
        foreach (var one in series)
        {
            for (var i = 0; i < one.Count; i++)
            {
                open.Append(one.Times[i], one.Values[i]);
                if (open.Count < SamplesPerChunk && i + 1 < one.Count)
                    continue;
                DecimalCodec.Seal(open.Bytes, open.Count);
                open.Clear();
            }
        }
    });

    private static double ReadCost(List<(byte[] Bytes, int Count)> chunks, long samples) => Nanoseconds(samples, () =>
    {
        foreach (var (bytes, count) in chunks)
            DecimalCodec.Decode(bytes, count, long.MinValue, long.MaxValue, new SampleBuffer());
    });

    // The best of five: what the machine does beside is not the codec's.
    private static double Nanoseconds(long samples, Action work)
    {
        var best = double.MaxValue;
        for (var run = 0; run < 5; run++)
        {
            var started = Stopwatch.GetTimestamp();
            work();
            best = Math.Min(best, Stopwatch.GetElapsedTime(started).TotalNanoseconds / samples);
        }

        return best;
    }
}
