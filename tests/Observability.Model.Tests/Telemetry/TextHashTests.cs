using System.Text;
using FsCheck.Xunit;

namespace Observability.Model.Tests;

public sealed class TextHashTests
{
    /// <summary>The same content gives the same hash wherever it lies; one changed, added or missing byte gives another.</summary>
    [Property(MaxTest = 2000)]
    public bool Of_Bytes_TellsOneByteOfDifference(byte[] bytes, byte other)
    {
        byte[] moved = [0, .. bytes];
        var hash = TextHash.Of(bytes);
        return hash == TextHash.Of(moved.AsSpan(1)) && hash != TextHash.Of([.. bytes, other])
            && Enumerable.Range(0, bytes.Length).All(at =>
            {
                var changed = bytes.ToArray();
                changed[at] ^= (byte)(other | 1);
                return hash != TextHash.Of(changed) && hash != TextHash.Of([.. bytes[..at], .. bytes[(at + 1)..]]);
            });
    }

    [Fact]
    public void Of_Texts_DependsOnWhereEachEndsAndOnTheirOrder()
    {
        string[][] all = [[], [""], ["", ""], ["ab", "c"], ["a", "bc"], ["c", "ab"], ["abc"], ["abc", ""], ["", "abc"], ["ab", "c", ""]];
        Assert.Equal(all.Length, all.Select(texts => TextHash.Of(texts)).Distinct().Count());
        Assert.Equal(TextHash.Of(["ab", "c"]), TextHash.Of([new StringBuilder("a").Append('b').ToString(), "c"]));
    }

    /// <summary>Who has the hash of each text gets the hash of all of them, and a label set takes it for its own.</summary>
    [Property(MaxTest = 500)]
    public bool Then_TextByText_GivesTheHashOfAll(string[] texts)
    {
        var all = texts.Select(text => text ?? "").ToArray();
        return all.Aggregate(TextHash.None, (hash, text) => TextHash.Then(hash, TextHash.Of(text))) == TextHash.Of(all);
    }

    [Fact]
    public void FromSortedPairs_WithTheirHash_EqualsTheSetThatHashesItself()
    {
        string[] pairs = ["__name__", "up", "gpu", "0"];
        Assert.Equal(LabelSet.Of(("gpu", "0"), ("__name__", "up")), LabelSet.FromSortedPairs(pairs, TextHash.Of(pairs)));
    }

    /// <summary>Labels of a fleet differ in a digit: their hashes spread over the buckets of a table as random numbers do.</summary>
    [Fact]
    public void Of_NumberedNames_SpreadsOverTheBuckets()
    {
        var fullest = Enumerable.Range(0, 16_384).GroupBy(i => TextHash.Of(["node", $"node-{i:00000}", "gpu", $"{i % 8}"]) & 4_095).Max(bucket => bucket.Count());
        Assert.InRange(fullest, 5, 24);
    }
}
