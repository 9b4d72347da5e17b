using Observability.Model;

namespace Observability.Collectors;

/// <summary>A text and its <see cref="TextHash"/>, so that label sets which share the text are hashed without reading it again.</summary>
internal readonly record struct HashedText(string Text, ulong Hash)
{
    public static HashedText Of(string text) => new(text, TextHash.Of(text));
}
