namespace Observability.Storage;

/// <summary>A document that waits for Elasticsearch.</summary>
/// <param name="Index">Where it goes.</param>
/// <param name="Id">Its identity there.</param>
/// <param name="Version">Grows with each change of the thing, so that an older one never replaces a newer one.</param>
/// <param name="Body">One line of JSON.</param>
internal sealed record ProjectedDocument(string Index, string Id, long Version, byte[] Body);
