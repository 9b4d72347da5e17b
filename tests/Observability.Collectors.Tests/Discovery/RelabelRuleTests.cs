using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Observability.Model;

namespace Observability.Collectors.Tests;

public sealed class RelabelRuleTests
{
    [Property(MaxTest = 3_000)]
    public Property Apply_AnyRule_DoesWhatTheSlowReferenceDoes()
    {
        var names = Gen.Elements("a", "b", "job", "__meta_x", "node");
        var values = Gen.Elements("", "x", "X:9400", "prod", "a;b", "node-7", "Ünï");
        var labels = Gen.ListOf(from name in names from value in values where value.Length > 0 select KeyValuePair.Create(name, value));
        var specs = from action in Gen.Elements("replace", "keep", "drop", "keepequal", "dropequal", "hashmod", "labelmap", "labeldrop", "labelkeep", "lowercase", "uppercase")
                    from sources in Gen.ListOf(names)
                    from target in names
                    from regex in Gen.Elements("(.*)", "x|prod", "(.+):(\\d+)", "__meta_(.+)", "a|b", "([a-z]+)-([0-9])", "")
                    from replacement in Gen.Elements("$1", "fixed", "${1}_$2", "")
                    from separator in Gen.Elements(";", "", "@")
                    select new RelabelSpec
                    {
                        Action = action,
                        SourceLabels = [.. sources.Take(3)],
                        TargetLabel = target,
                        Regex = regex,
                        // labelmap to nothing would make a label without a name, which Prometheus refuses beforehand.
                        Replacement = action == "labelmap" && replacement is "" or "${1}_$2" ? "m_$1" : replacement,
                        Separator = separator,
                        Modulus = 7,
                    };
        return Prop.ForAll(Arb.From(from spec in specs from set in labels select (spec, set)), item =>
        {
            var set = LabelSet.From(item.set);
            var slow = SlowRelabel.Apply(item.spec, set.ToDictionary(StringComparer.Ordinal));
            var fast = RelabelRule.Create(item.spec, out _)!.Apply(set);
            return slow is null ? fast is null : fast is not null && fast.Equals(LabelSet.From(slow));
        });
    }

    [Theory]
    [InlineData("$1", "10.0.0.7")]
    [InlineData("${1}:9400", "10.0.0.7:9400")]
    [InlineData("$1x", "")]
    [InlineData("$$1", "$1")]
    [InlineData("$3", "")]
    [InlineData("a$", "a$")]
    [InlineData("${1", "${1")]
    [InlineData("${port}-$port", "80-80")]
    public void Replacement_FollowsGosExpand(string replacement, string expected)
    {
        var rule = RelabelRule.Create(new RelabelSpec { SourceLabels = ["__address__"], Regex = "([^:]+):(?P<port>\\d+)", TargetLabel = "t", Replacement = replacement }, out _)!;

        Assert.Equal(expected, rule.Apply(LabelSet.Of(("__address__", "10.0.0.7:80")))!["t"]);
    }

    [Theory]
    [InlineData("reboot", "t", "x", 0, "action 'reboot' is none of replace, keep, drop, keepequal, dropequal, hashmod, labelmap, labeldrop, labelkeep, lowercase, uppercase")]
    [InlineData("3", "t", "x", 0, "action '3' is none of")]
    [InlineData("replace", "", "x", 0, "action replace needs a target_label")]
    [InlineData("hashmod", "t", "x", 0, "action hashmod needs a modulus above 0")]
    [InlineData("keep", "", "(", 0, "regex '(': ")]
    public void Create_OfWhatCannotBe_SaysWhy(string action, string target, string regex, int modulus, string expected)
    {
        Assert.Null(RelabelRule.Create(new RelabelSpec { Action = action, TargetLabel = target, Regex = regex, Modulus = (ulong)modulus }, out var error));
        Assert.StartsWith(expected, error, StringComparison.Ordinal);
    }
}
