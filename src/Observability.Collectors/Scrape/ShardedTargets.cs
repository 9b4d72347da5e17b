using System.IO.Hashing;
using System.Text;

namespace Observability.Collectors;

/// <summary>
/// The share of one collector among several. Each target belongs to the member for which the hash of both is highest (rendezvous hashing,
/// Thaler and Ravishankar 1996): where a member joins or leaves, only its own share moves, and nobody has to be asked who has what.
/// </summary>
public sealed class ShardedTargets(ITargetSource inner, IReadOnlyList<string> members, string member) : ITargetSource
{
    /// <inheritdoc/>
    public string Name => inner.Name;

    /// <inheritdoc/>
    public async Task<TargetSet> ReadAsync(CancellationToken cancellationToken)
    {
        var all = await inner.ReadAsync(cancellationToken);
        return all with { Targets = all.Targets?.Where(target => OwnerOf(target, members) == member).ToArray() };
    }

    /// <summary>The member that a target belongs to.</summary>
    internal static string OwnerOf(ScrapeTarget target, IReadOnlyList<string> members) =>
        members.MaxBy(name => (XxHash3.HashToUInt64(Encoding.UTF8.GetBytes($"{name}\0{target.Key}")), name))!;
}
