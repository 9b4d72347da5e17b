namespace Observability.Console.Tests;

public sealed class OperatorSessionTests
{
    [Theory]
    [InlineData(null, "console", "")]
    [InlineData("  ", "console", "")]
    [InlineData("\u0007\n", "console", "")]
    [InlineData(" ada\tlovelace ", "adalovelace", "adalovelace")]
    [InlineData("Ada L.", "Ada L.", "Ada L.")]
    public void Introduce_KeepsOnlyWhatCanBeReadInAnAuditTrail(string? given, string actor, string name)
    {
        var session = new OperatorSession();
        session.Introduce(given);
        Assert.Equal((actor, name), (session.Actor, session.Name));
    }

    [Theory]
    [InlineData(OperatorSession.LongestName - 1)]
    [InlineData(OperatorSession.LongestName)]
    [InlineData(OperatorSession.LongestName + 1)]
    public void Introduce_CutsAtTheLimit(int length)
    {
        var session = new OperatorSession();
        session.Introduce(new string('a', length));
        Assert.Equal(Math.Min(length, OperatorSession.LongestName), session.Actor.Length);
    }
}
