using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Observability.Model;

namespace Observability.Incidents;

/// <summary>
/// The versions of the classifier: the shipped one, and those in a folder, one folder each, <c>v3/model.zip</c> and <c>v3/model.json</c>. Nothing
/// is ever overwritten, so that any of them can be gone back to. Reading and writing files is for whoever owns it; <see cref="Find"/> does none.
/// </summary>
public sealed class ModelShelf : IModelShelf
{
    // The latest ones: older ones stay in the folder and come back to the shelf when newer ones are moved away.
    private const int Most = 32;

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    private readonly string _folder;
    private readonly ConcurrentDictionary<string, ShelvedModel> _models = new(StringComparer.Ordinal);
    private readonly ActionabilityModel? _only;

    private ModelShelf(string folder, ActionabilityModel? only) => (_folder, _only) = (folder, only);

    /// <summary>What is wrong with versions in the folder, by version.</summary>
    public IReadOnlyDictionary<string, string> Faults => _faults;

    /// <summary>The versions, the newest first; the shipped one is the last.</summary>
    public IReadOnlyList<ModelVersion> Versions => [.. _models.Values.Select(one => one.Card.Model).OrderByDescending(model => NumberOf(model.Version))];

    private readonly ConcurrentDictionary<string, string> _faults = new(StringComparer.Ordinal);

    /// <summary>The shipped model, and what is in a folder; the folder may be missing, and its name empty for none.</summary>
    public static ModelShelf Open(string folder)
    {
        var shelf = new ModelShelf(folder, null);
        using var stream = ShippedModels.Open("actionability.zip");
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        using var card = ShippedModels.Open("actionability.json");
        shelf._models[ModelVersion.Shipped] = new ShelvedModel(JsonSerializer.Deserialize<ModelCard>(card, Json)!, bytes.ToArray());
        shelf.Refresh();
        return shelf;
    }

    /// <summary>One model for every version: for measurements that do without learning.</summary>
    public static ModelShelf Only(ActionabilityModel model) => new("", model);

    /// <inheritdoc/>
    public ActionabilityModel? Find(string version) => _only
        ?? (_models.TryGetValue(version, out var shelved) ? ActionabilityModel.Load(new MemoryStream(shelved.Bytes), version) : null);

    /// <summary>What lies beside a version; null where it is not there.</summary>
    public ModelCard? CardOf(string version) => _models.GetValueOrDefault(version)?.Card;

    /// <summary>The name of the next version.</summary>
    public string NextVersion() => string.Create(CultureInfo.InvariantCulture, $"v{Folders().Select(NumberOf).DefaultIfEmpty(0).Max() + 1}");

    /// <summary>Reads what has come into the folder since.</summary>
    public void Refresh()
    {
        foreach (var version in Folders().OrderByDescending(NumberOf).Take(Most).Where(version => !_models.ContainsKey(version)))
        {
            try
            {
                _models[version] = Read(Path.Combine(_folder, version), version);
                _faults.TryRemove(version, out _);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or JsonException or InvalidDataException)
            {
                _faults[version] = fault.Message;
            }
        }
    }

    /// <summary>Writes a version; it appears whole or not at all.</summary>
    /// <exception cref="IOException">The folder cannot be written, or has the version already.</exception>
    public void Save(TrainedActionability trained)
    {
        ArgumentNullException.ThrowIfNull(trained);
        var version = trained.Card.Model.Version;
        var (made, place) = (Path.Combine(_folder, $".{version}.new"), Path.Combine(_folder, version));
        if (Directory.Exists(made))
            Directory.Delete(made, recursive: true);
        Directory.CreateDirectory(made);
        Write(trained, Path.Combine(made, "model.zip"), Path.Combine(made, "model.json"));
        Directory.Move(made, place);
        _models[version] = new ShelvedModel(trained.Card, trained.Model);
    }

    /// <summary>Writes model and card to files.</summary>
    public static void Write(TrainedActionability trained, string model, string card)
    {
        ArgumentNullException.ThrowIfNull(trained);
        File.WriteAllBytes(model, trained.Model);
        File.WriteAllText(card, JsonSerializer.Serialize(trained.Card, Json) + "\n");
    }

    private IEnumerable<string> Folders() => _folder.Length > 0 && Directory.Exists(_folder)
        ? Directory.EnumerateDirectories(_folder).Select(path => Path.GetFileName(path)).Where(name => NumberOf(name) > 0)
        : [];

    private static ShelvedModel Read(string folder, string version)
    {
        var card = JsonSerializer.Deserialize<ModelCard>(File.ReadAllBytes(Path.Combine(folder, "model.json")), Json) ?? throw new JsonException("model.json holds null");
        if (card.Model.Version != version)
            throw new InvalidDataException($"{folder}/model.json: says version '{card.Model.Version}'; a version's folder has its name");
        if (!card.Features.SequenceEqual(ActionabilityFeatures.Names))
            throw new InvalidDataException($"{folder}/model.json: was trained on {card.Features.Count} features that differ from the {ActionabilityFeatures.Count} of this version of the platform; train anew");
        var bytes = File.ReadAllBytes(Path.Combine(folder, "model.zip"));
        // Whether it is a model shows when an engine is made of it; better now than when it is put in use.
        _ = ActionabilityModel.Load(new MemoryStream(bytes), version);
        return new ShelvedModel(card, bytes);
    }

    private static int NumberOf(string version) =>
        version.Length > 1 && version[0] == 'v' && int.TryParse(version.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
