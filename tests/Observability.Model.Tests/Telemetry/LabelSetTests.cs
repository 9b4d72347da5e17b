using System.Text.Json;
using FsCheck.Xunit;

namespace Observability.Model.Tests;

public sealed class LabelSetTests
{
    [Theory]
    [InlineData("", "cbf29ce484222325")]
    [InlineData("alertname=lat0,cluster=c", "21a70a6b5aab6fec")]
    [InlineData("alertname=GpuXid,gpu=3,instance=node-1,severity=critical", "0b20bc7f3022cf5d")]
    [InlineData("alertname=磁盘满,实例=a", "d0ad657ac88fde38")]
    public void Fingerprint_KnownLabels_IsWhatAlertmanagerComputes(string labels, string expected)
    {
        var set = LabelSet.From(labels.Split(',', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=')).Select(pair => KeyValuePair.Create(pair[0], pair[1])));

        Assert.Equal(expected, $"{set.Fingerprint():x16}");
    }

    [Fact]
    public void Of_AnyOrderAndEmptyValues_GivesTheSameSortedSet()
    {
        var one = LabelSet.Of(("b", "2"), ("a", "1"), ("gone", ""));
        var two = LabelSet.Of(("a", "1"), ("b", "2"));

        Assert.Equal(two, one);
        Assert.Equal(two.GetHashCode(), one.GetHashCode());
        Assert.Equal(["a", "b"], one.Select(label => label.Key));
        Assert.False(one.Has("gone"));
    }

    [Fact]
    public void With_EmptyValue_RemovesTheLabel() =>
        Assert.Equal(LabelSet.Of(("a", "1")), LabelSet.Of(("a", "1"), ("b", "2")).With("b", ""));

    [Fact]
    public void ToString_QuotesAndLines_AreEscaped() =>
        Assert.Equal("""m{a="say \"x\\y\"\n"}""", LabelSet.Of(("__name__", "m"), ("a", "say \"x\\y\"\n")).ToString());

    [Property]
    public bool Lookup_AnyPairs_AgreesWithADictionary(Dictionary<string, string> pairs)
    {
        var plain = pairs.Where(pair => pair.Key is not null && !string.IsNullOrEmpty(pair.Value))
            .ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
        var set = LabelSet.From(plain);

        return set.Count == plain.Count && plain.All(pair => set[pair.Key] == pair.Value);
    }

    [Property]
    public bool Json_AnyPairs_RoundTrips(Dictionary<string, string> pairs)
    {
        // Lone surrogates have no UTF-8 form; System.Text.Json replaces them.
        var set = LabelSet.From(pairs.Where(pair => pair.Key is not null && pair.Value is not null)
            .Where(pair => !(pair.Key + pair.Value).Any(char.IsSurrogate)));

        return JsonSerializer.Deserialize<LabelSet>(JsonSerializer.Serialize(set))!.Equals(set);
    }

    [Fact]
    public void Json_ValueIsNotText_SaysWhichLabel()
    {
        var fault = Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<LabelSet>("""{"gpu": 3}"""));

        Assert.StartsWith("label gpu must be a string", fault.Message, StringComparison.Ordinal);
    }
}
