using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Observability.Collectors.Tests;

public sealed class SyslogTests
{
    private const string Xid = "NVRM: Xid (PCI:0000:b3:00): 79, pid=1, name=a, GPU has fallen off the bus.";
    private static readonly string[] Messages = [$"<3>1 2026-03-01T12:00:00Z node-1 kernel - - - {Xid}", "<3>Mar  1 12:00:00 node-2 kernel: é", "<6>1 - - - - - - x"];

    private readonly World _world = new();

    [Theory]
    [InlineData("<3>1 2026-03-01T12:00:00.003Z node-003 kernel - - - [3600.000000] NVRM: x", "0 3 12:00:00.003 node-003 kernel [3600.000000] NVRM: x")]
    [InlineData("<3>1 2026-03-01T13:00:00+01:00 node-003 kernel 1 ID7 [a@1 k=\"v\\\"]\" l=\"]\"][b] \uFEFFNVRM: x", "0 3 12:00:00.000 node-003 kernel NVRM: x")]
    [InlineData("<165>1 - - - - - -", "20 5  - - ")]
    [InlineData("<3>Mar  1 12:00:00 node-003 kernel: [3600.0] NVRM: x", "0 3 12:00:00.000 node-003 kernel [3600.0] NVRM: x")]
    [InlineData("<3>2026-03-01T12:00:00+00:00 node-003 kernel: NVRM: x", "0 3 12:00:00.000 node-003 kernel NVRM: x")]
    [InlineData("<30>Mar 31 12:00:00 node-003 sshd[812]: login", "3 6 12:00:00.000 node-003 sshd login")]
    public void Message_EitherForm_IsTakenApart(string text, string parts)
    {
        var read = SyslogMessage.TryParse(text);

        Assert.NotNull(read);
        Assert.Equal(parts, $"{read.Facility} {read.Severity} {read.At?.UtcDateTime.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture)} {Dash(read.Host)} {Dash(read.Program)} {read.Text}");
    }

    [Theory]
    [InlineData("NVRM: Xid")]
    [InlineData("<3>")]
    [InlineData("<192>1 - - - - - - x")]
    [InlineData("<3>1 yesterday h p - - - x")]
    [InlineData("<3>1 2026-03-01T12:00:00Z h p - - [open x=\"")]
    [InlineData("<3>[3600.000000] NVRM: Xid")]
    public void Message_OfNoKnownForm_IsNone(string text) => Assert.Null(SyslogMessage.TryParse(text));

    [Fact]
    public void Inbox_TakesTheKernelsWordOnly()
    {
        var inbox = new KernelInbox(_world, new TailOptions());

        Assert.True(inbox.TryOffer($"<3>1 2026-03-01T12:00:00Z node-1 kernel - - - {Xid}", "10.0.0.1"));
        Assert.True(inbox.TryOffer($"<3>1 2026-03-01T12:00:00Z - kernel - - - {Xid}", "10.0.0.9"));
        // Any user can write this with logger(1).
        Assert.True(inbox.TryOffer($"<13>1 2026-03-01T12:00:00Z node-2 kernel - - - {Xid}", "10.0.0.2"));
        Assert.True(inbox.TryOffer("nonsense", "10.0.0.3"));
        inbox.Drain(World.Start);

        Assert.Equal(["xid:79 node-1", "xid:79 10.0.0.9"], _world.Events.Select(found => $"{found.Code} {found.Labels["node"]}"));
        Assert.All(_world.Events, found => Assert.Equal(World.Start, found.At));
    }

    [Fact]
    public void Inbox_Full_RefusesAndSaysHowMuchItTook()
    {
        var inbox = new KernelInbox(_world, new TailOptions(), capacity: 2);

        var outcome = inbox.Post(World.Utf8($"{Xid}\n{Xid}\n{Xid}\n"), "node-1");
        Assert.Equal((503, 2), (outcome.Status, outcome.Accepted));
        inbox.Drain(World.Start);
        Assert.Equal(200, inbox.Post(World.Utf8(Xid), "node-1").Status);
    }

    [Fact]
    public void Post_JournalExport_IsReadAsRecordsOfTheKernel()
    {
        var inbox = new KernelInbox(_world, new TailOptions { StaleAfter = TimeSpan.FromDays(1) });

        inbox.Post(World.Utf8(
            "__CURSOR=s=1\n__REALTIME_TIMESTAMP=1772366399000000\n__MONOTONIC_TIMESTAMP=3600000000\n_BOOT_ID=4a2f\n_TRANSPORT=kernel\n_HOSTNAME=node-5\nMESSAGE=" + Xid
            + "\n\n__CURSOR=s=2\n__REALTIME_TIMESTAMP=1772366399000000\n_BOOT_ID=4a2f\n_TRANSPORT=syslog\n_HOSTNAME=node-5\nMESSAGE=" + Xid), "");
        inbox.Drain(World.Start);

        var found = Assert.Single(_world.Events);
        Assert.Equal(("xid:79", "node-5", "4a2f", World.Start.AddSeconds(-1)), (found.Code, found.Labels["node"], found.BootId, found.At));
    }

    [Fact]
    public async Task Door_OverHttp_TakesLinesOfANode()
    {
        var inbox = new KernelInbox(_world, new TailOptions(), capacity: 2);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapKernelLogs(inbox);
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        async Task<string> PostAsync(string body)
        {
            using var content = new StringContent(body);
            using var response = await http.PostAsync(new Uri("/api/logs/kernel?node=node-8", UriKind.Relative), content, TestContext.Current.CancellationToken);
            return $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}";
        }

        Assert.Equal("""200 {"accepted":1,"errors":""}""", await PostAsync(Xid));
        Assert.Equal("""503 {"accepted":1,"errors":"the queue is full; send the rest again"}""", await PostAsync($"{Xid}\n{Xid}"));
        inbox.Drain(World.Start);
        Assert.Equal(["xid:79 node-8"], _world.Events.Select(found => $"{found.Code} {found.Labels["node"]}"));
    }

    [Fact]
    public async Task Listener_TcpInBothFramingsAndUdp_BringsEveryMessage()
    {
        var inbox = new KernelInbox(_world, new TailOptions());
        using var listener = SyslogListener.Start(new SyslogOptions { Tcp = "127.0.0.1:0", Udp = "127.0.0.1:0" }, inbox, _world.Outside);
        string[] hosts = ["a", "b", "c"];
        var counted = Encoding.UTF8.GetBytes(Of("a"));

        using (var client = new TcpClient("127.0.0.1", listener!.TcpPort))
        {
            await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes($"{counted.Length} "), TestContext.Current.CancellationToken);
            await client.GetStream().WriteAsync(counted, TestContext.Current.CancellationToken);
            await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(Of("b") + "\n"), TestContext.Current.CancellationToken);
        }

        using (var sender = new UdpClient())
            await sender.SendAsync(Encoding.UTF8.GetBytes(Of("c")), new IPEndPoint(IPAddress.Loopback, listener.UdpPort), TestContext.Current.CancellationToken);
        while (_world.Events.Count < hosts.Length)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            inbox.Drain(World.Start);
            await Task.Yield();
        }

        Assert.Equal(hosts, _world.Events.Select(found => found.Labels["node"]).Order(StringComparer.Ordinal));
        static string Of(string host) => $"<3>1 2026-03-01T12:00:00Z {host} kernel - - - {Xid}";
    }

    [Fact]
    public void Frames_LongMessage_IsCutAndTheNextIsWhole()
    {
        var frames = new SyslogFrames(10);

        List<string> got = [.. frames.Take("25 <3>4567890123456789012345"u8), .. frames.Take("3 <3>"u8), .. frames.Take("<4>x\n"u8)];

        Assert.Equal(["<3>4567890", "<3>", "<4>x"], got);
        Assert.Equal(1, frames.Cut);
    }

    [Property(MaxTest = 500)]
    public Property Frames_HoweverTheStreamIsCut_AreTheMessagesThatWereSent() => Prop.ForAll(
        Arb.From(
            from sent in Gen.ListOf(Gen.Choose(0, Messages.Length - 1), 6)
            from counted in Gen.ListOf(Gen.Choose(0, 1), 6)
            from cuts in Gen.ListOf(Gen.Choose(1, 40), 60)
            select (sent, counted, cuts)),
        stream =>
        {
            var wire = new List<byte>();
            foreach (var (index, isCounted) in stream.sent.Zip(stream.counted))
            {
                var bytes = Encoding.UTF8.GetBytes(Messages[index]);
                if (isCounted == 1)
                    wire.AddRange(Encoding.ASCII.GetBytes($"{bytes.Length} "));
                wire.AddRange(bytes);
                if (isCounted == 0)
                    wire.Add((byte)'\n');
            }

            var frames = new SyslogFrames(65_536);
            var got = new List<string>();
            var from = 0;
            foreach (var cut in stream.cuts.Append(wire.Count))
            {
                var length = Math.Min(cut, wire.Count - from);
                got.AddRange(frames.Take(wire.GetRange(from, length).ToArray()));
                from += length;
            }

            Assert.Equal(stream.sent.Select(index => Messages[index]), got);
        });

    [Property(MaxTest = 500)]
    public Property DamagedLines_NeverThrowAndTellAtMostWhatWasThere() => Prop.ForAll(
        Gen.Elements(
            $"<3>1 2026-03-01T12:00:00.003Z node-1 kernel 1 ID7 [a@1 k=\"v\"] {Xid}",
            $"__CURSOR=s=1\n__REALTIME_TIMESTAMP=1772366400000000\n_BOOT_ID=4a2f\n_TRANSPORT=kernel\nMESSAGE\n12345678{Xid}\n\n",
            $"{{\"__REALTIME_TIMESTAMP\":\"1772366400000000\",\"_TRANSPORT\":\"kernel\",\"MESSAGE\":\"{Xid}\"}}").ArbMapDamage(),
        text =>
        {
            var world = new World();
            var inbox = new KernelInbox(world, new TailOptions());
            inbox.Post(World.Utf8(text), "");
            inbox.TryOffer(text, "10.0.0.1");
            inbox.Drain(World.Start);
            Assert.True(world.Events.Count <= 3, text);
        });

    private static string Dash(string text) => text.Length == 0 ? "-" : text;
}
