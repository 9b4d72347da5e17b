using System.Collections.Immutable;
using Observability.Model;

namespace Observability.Content;

/// <summary>The alerts of one name that must fire at a time: these and no others.</summary>
/// <param name="At">Time after the start.</param>
/// <param name="AlertName">Which alert.</param>
/// <param name="Alerts">Labels without <c>alertname</c>, and annotations; empty for none.</param>
/// <param name="Source">Where it is written.</param>
public sealed record AlertExpectation(TimeSpan At, string AlertName, ImmutableArray<ExpectedAlert> Alerts, SourceLine Source);
