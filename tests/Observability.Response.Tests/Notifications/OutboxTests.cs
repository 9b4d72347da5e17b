using Microsoft.Extensions.Logging.Abstractions;
using Observability.Model;

namespace Observability.Response.Tests;

public class OutboxTests
{
    private readonly Recorder _channel = new("chat", 60);

    private Outbox Of(params IChannel[] channels) => new(channels.Length > 0 ? channels : [_channel], NullLogger<Outbox>.Instance);

    private static async Task<string[]> PumpAsync(Outbox outbox, DateTimeOffset now)
    {
        var deliveries = await outbox.DeliverDueAsync(now, CancellationToken.None);
        foreach (var delivery in deliveries)
            outbox.Note(delivery);
        return [.. deliveries.Select(one => $"{one.NotificationId} #{one.Attempt} {(one.Delivered ? "delivered" : one.GivenUp ? "given up" : "retry")}: {one.Detail}")];
    }

    [Fact]
    public async Task Message_ThatFails_IsRetriedOnScheduleAndThenGivenUp()
    {
        var outbox = Of();
        outbox.Queue(Make.Note(1, NotificationKind.Firing, 1));
        _channel.Answer = new ChannelAnswer(false, true, "503");
        var now = Make.T0;
        foreach (var (wait, attempt, word) in new[] { (0, 1, "retry"), (5, 2, "retry"), (30, 3, "retry"), (300, 4, "retry"), (1800, 5, "retry"), (7200, 6, "given up") })
        {
            if (wait > 0)
                Assert.Empty(await PumpAsync(outbox, now.AddSeconds(wait - 1)));
            now = now.AddSeconds(wait);
            Assert.Equal([$"INC-000001/Firing/1 #{attempt} {word}: 503"], await PumpAsync(outbox, now));
        }

        Assert.Equal(0, outbox.Waiting);
    }

    [Fact]
    public async Task Question_LeavesLast_SinceItWaitsForNobody()
    {
        var outbox = Of();
        foreach (var kind in (NotificationKind[])[NotificationKind.Question, NotificationKind.Firing, NotificationKind.Approval])
            outbox.Queue(Make.Note(1, kind, 1));

        Assert.Equal(["INC-000001/Approval/1 #1 delivered: ok", "INC-000001/Firing/1 #1 delivered: ok", "INC-000001/Question/1 #1 delivered: ok"], await PumpAsync(outbox, Make.T0));
    }

    [Fact]
    public async Task Digest_LeavesOnTheHourAsOne_AndHoldsNothingUp()
    {
        var outbox = Of();
        var hour = new DateTimeOffset(Make.T0.UtcTicks / TimeSpan.TicksPerHour * TimeSpan.TicksPerHour, TimeSpan.Zero);
        foreach (var incident in (int[])[1, 2])
            outbox.Queue(Make.Note(incident, NotificationKind.Digest, 1) with { At = hour.AddMinutes(5) });
        // One of them became loud after all.
        outbox.Queue(Make.Note(2, NotificationKind.Firing, 2));

        Assert.Equal(["INC-000002/Firing/2 #1 delivered: ok"], await PumpAsync(outbox, hour.AddMinutes(6)));
        Assert.Empty(await PumpAsync(outbox, hour.AddMinutes(59)));
        Assert.Equal(
            ["INC-000001/Digest/1 #1 delivered: in a digest of 2; ok", "INC-000002/Digest/1 #1 delivered: in a digest of 2; ok"], await PumpAsync(outbox, hour.AddMinutes(60)));
        Assert.Equal(0, outbox.Waiting);
    }

    [Fact]
    public async Task Digest_LosesWhatIsSilencedBeforeItLeaves_AndAPageThatWaitsDoesNot()
    {
        var outbox = Of();
        var hour = new DateTimeOffset(Make.T0.UtcTicks / TimeSpan.TicksPerHour * TimeSpan.TicksPerHour, TimeSpan.Zero);
        outbox.Queue(Make.Note(1, NotificationKind.Digest, 1) with { At = hour.AddMinutes(5) });
        outbox.Queue(Make.Note(1, NotificationKind.Firing, 2));
        outbox.Queue(Make.Note(2, NotificationKind.Digest, 1) with { At = hour.AddMinutes(5) });
        outbox.Mute("INC-000001");

        Assert.Equal(["INC-000001/Digest/1 #0 given up: silenced before the digest left", "INC-000001/Firing/2 #1 delivered: ok"], await PumpAsync(outbox, hour.AddMinutes(6)));
        Assert.Equal(["INC-000002/Digest/1 #1 delivered: ok"], await PumpAsync(outbox, hour.AddMinutes(60)));
    }

    [Fact]
    public async Task RetryAfter_PausesTheChannel_AndAPermanentRefusalGivesUpAtOnce()
    {
        var other = new Recorder("mail", 60);
        var outbox = Of(_channel, other);
        _channel.Answer = new ChannelAnswer(false, true, "429", TimeSpan.FromSeconds(60));
        outbox.Queue(Make.Note(1, NotificationKind.Firing, 1));
        await PumpAsync(outbox, Make.T0);
        outbox.Queue(Make.Note(2, NotificationKind.Firing, 1));
        _channel.Answer = new ChannelAnswer(false, false, "410");
        Assert.Equal(["INC-000002/Firing/1 #1 delivered: ok"], await PumpAsync(outbox, Make.T0.AddSeconds(59)));
        Assert.Equal(["INC-000001/Firing/1 #2 given up: 410", "INC-000002/Firing/1 #1 given up: 410"], await PumpAsync(outbox, Make.T0.AddSeconds(60)));
    }

    [Fact]
    public async Task Channel_ThatThrows_IsAFailedAttempt()
    {
        var outbox = Of();
        outbox.Queue(Make.Note(1, NotificationKind.Firing, 1));
        _channel.Throws = true;
        Assert.Equal(["INC-000001/Firing/1 #1 retry: no route to host"], await PumpAsync(outbox, Make.T0));
    }

    [Fact]
    public async Task Resolve_FollowsADeliveredFiringUntilItIsTaken_AndIsDroppedWithOneThatNeverLeft()
    {
        var outbox = Of();
        outbox.Queue(Make.Note(1, NotificationKind.Firing, 1));
        await PumpAsync(outbox, Make.T0);
        outbox.Queue(Make.Note(1, NotificationKind.Resolved, 2));
        _channel.Answer = new ChannelAnswer(false, true, "503");
        var now = Make.T0;
        for (var attempt = 1; attempt <= 9; attempt++)
        {
            now = now.AddHours(3);
            Assert.Equal([$"INC-000001/Resolved/2 #{attempt} retry: 503"], await PumpAsync(outbox, now));
        }

        _channel.Answer = Recorder.Ok;
        Assert.Equal(["INC-000001/Resolved/2 #10 delivered: ok"], await PumpAsync(outbox, now.AddHours(3)));

        outbox.Queue(Make.Note(2, NotificationKind.Firing, 1));
        outbox.Queue(Make.Note(2, NotificationKind.Resolved, 2));
        Assert.Equal(
            ["INC-000002/Firing/1 #0 given up: over before it could be delivered", "INC-000002/Resolved/2 #0 given up: its firing was never delivered"],
            await PumpAsync(outbox, now.AddHours(4)));
    }

    [Fact]
    public async Task Resolve_OfAFiringWhoseAnswerWasLost_GoesOut()
    {
        var outbox = Of();
        outbox.Queue(Make.Note(1, NotificationKind.Firing, 1));
        _channel.Throws = true;
        await PumpAsync(outbox, Make.T0);
        _channel.Throws = false;
        outbox.Queue(Make.Note(1, NotificationKind.Resolved, 2));
        Assert.Equal(
            ["INC-000001/Firing/1 #1 given up: over before it could be delivered", "INC-000001/Resolved/2 #1 delivered: ok"],
            await PumpAsync(outbox, Make.T0.AddSeconds(1)));
    }

    [Theory]
    [InlineData(5, 5, 0)]
    [InlineData(6, 0, 6)]
    [InlineData(250, 0, 250)]
    public async Task Storm_BeyondTheRate_LeavesAsDigests_ButApprovalsLeaveAlone(int messages, int alone, int folded)
    {
        var outbox = Of();
        for (var i = 1; i <= messages; i++)
            outbox.Queue(Make.Note(i, NotificationKind.Firing, 1));
        await PumpAsync(outbox, Make.T0);
        Assert.Equal((alone, folded), (_channel.Sent.Count, _channel.Digests.Sum(digest => digest.Count)));
        Assert.All(_channel.Digests, digest => Assert.InRange(digest.Count, 1, 200));
        Assert.Equal(0, outbox.Waiting);

        for (var i = 1; i <= 50; i++)
            outbox.Queue(Make.Note(1_000 + i, NotificationKind.Firing, 1));
        outbox.Queue(Make.Note(2_000, NotificationKind.Escalation, 1));
        _channel.Sent.Clear();
        await PumpAsync(outbox, Make.T0.AddMinutes(1));
        Assert.Equal("INC-002000/Escalation/1", _channel.Sent[0].Id);
    }

    [Fact]
    public async Task Restore_FromTheJournal_DeliversWhatIsLeftAtItsTime()
    {
        var outbox = Of();
        var (first, second) = (Make.Note(1, NotificationKind.Firing, 1), Make.Note(2, NotificationKind.Firing, 1));
        outbox.Queue(first);
        outbox.Queue(second);
        outbox.Queue(second);
        outbox.Note(new NotificationDelivery(first.Id, "chat", 1, Delivered: true, GivenUp: false, "ok", Make.T0));
        outbox.Note(new NotificationDelivery(second.Id, "chat", 2, Delivered: false, GivenUp: false, "503", Make.T0));
        outbox.Queue(Make.Note(1, NotificationKind.Resolved, 2));
        Assert.Equal(["INC-000001/Resolved/2 #1 delivered: ok"], await PumpAsync(outbox, Make.T0.AddSeconds(1)));
        Assert.Equal(["INC-000002/Firing/1 #3 delivered: ok"], await PumpAsync(outbox, Make.T0.AddSeconds(30)));
    }

    [Fact]
    public async Task Outbox_AtItsLimit_GivesUpTheOldestAndSaysSo()
    {
        var outbox = new Outbox([_channel], NullLogger<Outbox>.Instance, new OutboxOptions { MaximumWaiting = 2 });
        for (var i = 1; i <= 3; i++)
            outbox.Queue(Make.Note(i, NotificationKind.Firing, 1));
        Assert.Equal(2, outbox.Waiting);
        Assert.Equal(
            ["INC-000001/Firing/1 #0 given up: the outbox is full", "INC-000002/Firing/1 #1 delivered: ok", "INC-000003/Firing/1 #1 delivered: ok"],
            await PumpAsync(outbox, Make.T0));
    }

    private sealed class Recorder(string name, int perMinute) : IChannel
    {
        public static ChannelAnswer Ok { get; } = new(true, false, "ok");

        public ChannelAnswer Answer { get; set; } = Ok;

        public bool Throws { get; set; }

        public List<Notification> Sent { get; } = [];

        public List<IReadOnlyList<Notification>> Digests { get; } = [];

        public string Name => name;

        public int PerMinute => perMinute;

        public Task<ChannelAnswer> SendAsync(Notification notification, DateTimeOffset now, CancellationToken cancellationToken)
        {
            Sent.Add(notification);
            return Throws ? throw new HttpRequestException("no route to host") : Task.FromResult(Answer);
        }

        public Task<ChannelAnswer> SendDigestAsync(IReadOnlyList<Notification> notifications, DateTimeOffset now, CancellationToken cancellationToken)
        {
            Digests.Add(notifications);
            return Task.FromResult(Answer with { Detail = Answer.Detail });
        }
    }
}
