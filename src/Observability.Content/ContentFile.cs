namespace Observability.Content;

/// <summary>A file an operator wrote.</summary>
/// <param name="Path">Its path as findings name it.</param>
/// <param name="Text">What it says.</param>
public sealed record ContentFile(string Path, string Text);
