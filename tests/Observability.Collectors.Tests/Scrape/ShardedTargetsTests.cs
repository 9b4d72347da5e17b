using Observability.Model;

namespace Observability.Collectors.Tests;

public sealed class ShardedTargetsTests
{
    private static readonly string[] s_members = ["collector-0", "collector-1", "collector-2", "collector-3"];
    private static readonly ScrapeTarget[] s_targets = [.. Enumerable.Range(0, 4_000)
        .Select(i => ScrapeTarget.Of(new Uri($"http://10.0.{i / 250}.{i % 250}:9400/metrics"), LabelSet.Of(("job", "dcgm"), ("node", $"node-{i:0000}"))))];

    [Fact]
    public async Task EveryTargetBelongsToOneMember_AndTheSharesAreAlike()
    {
        var shares = new List<ScrapeTarget>();
        foreach (var member in s_members)
        {
            var share = (await new ShardedTargets(new FixedTargets(s_targets), s_members, member).ReadAsync(CancellationToken.None)).Targets!;
            // Four standard deviations of a fair draw.
            Assert.InRange(share.Count, 890, 1_110);
            shares.AddRange(share);
        }

        Assert.Equal(s_targets.Select(target => target.Key).Order(StringComparer.Ordinal), shares.Select(target => target.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void MemberThatLeaves_MovesItsOwnShareOnly()
    {
        string[] left = ["collector-0", "collector-1", "collector-3"];

        Assert.All(s_targets, target =>
        {
            var before = ShardedTargets.OwnerOf(target, s_members);
            var after = ShardedTargets.OwnerOf(target, left);
            Assert.True(before == "collector-2" ? after != before : after == before, target.Key);
        });
    }

    [Fact]
    public void OrderOfTheNames_DoesNotMatter() =>
        Assert.All(s_targets, target => Assert.Equal(ShardedTargets.OwnerOf(target, s_members), ShardedTargets.OwnerOf(target, [.. s_members.Reverse()])));

    [Fact]
    public async Task SourceThatFails_StaysAFailure()
    {
        var set = await new ShardedTargets(new Broken(), s_members, "collector-0").ReadAsync(CancellationToken.None);

        Assert.Equal(new TargetSet(null, "it is down"), set);
    }

    private sealed class Broken : ITargetSource
    {
        public string Name => "broken";

        public Task<TargetSet> ReadAsync(CancellationToken cancellationToken) => Task.FromResult(new TargetSet(null, "it is down"));
    }
}
