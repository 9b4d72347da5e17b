using System.Text;
using FsCheck.Xunit;

namespace Observability.Collectors.Tests;

public sealed class JsonTextTests
{
    [Theory]
    [InlineData("\"\\ud800\"", "\uFFFD")]
    [InlineData("\"a\\uDC00b\"", "a\uFFFDb")]
    [InlineData("\"\\ud83d\\ude00\"", "\U0001F600")]
    [InlineData("\"\\ud83d\\ud83d\\ude00\"", "\uFFFD\U0001F600")]
    [InlineData("\"\\\\ud800\"", "\\ud800")]
    [InlineData("\"\\ud83dx\"", "\uFFFDx")]
    public void Escapes_ThatAreHalfACharacter_BecomeTheReplacement(string json, string text)
    {
        using var document = JsonText.Parse(json);

        Assert.Equal(text, document.RootElement.GetString());
    }

    [Fact]
    public void Bytes_ThatAreNoUtf8_BecomeTheReplacement()
    {
        using var document = JsonText.Parse(new byte[] { (byte)'"', (byte)'a', 0xFF, (byte)'"' });

        Assert.Equal("a\uFFFD", document.RootElement.GetString());
    }

    /// <summary>Whatever escapes follow each other, the string can be read, and text without any is left as it is.</summary>
    [Property(MaxTest = 2_000)]
    public bool AnyString_CanBeReadAfterwards(int seed)
    {
        var random = new Random(seed);
        var text = new StringBuilder();
        for (var i = random.Next(12); i >= 0; i--)
            text.Append(random.Next(4) switch { 0 => "x", 1 => "\\\\", 2 => $"\\u{random.Next(0xD700, 0xE100):x4}", _ => $"\\u{random.Next(0xD700, 0xE100):X4}" });
        using var document = JsonText.Parse($"\"{text}\"");
        return document.RootElement.GetString()!.All(c => !char.IsSurrogate(c)) || document.RootElement.GetString()!.EnumerateRunes().All(rune => rune.Value != 0);
    }
}
