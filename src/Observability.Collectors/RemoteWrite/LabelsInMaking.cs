using System.Text;
using System.Text.Unicode;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>Collects the labels of one series and checks them once they are complete.</summary>
internal sealed class LabelsInMaking(RemoteWriteOptions options)
{
    private readonly List<(string Name, string Value)> _pairs = new(16);
    private string _fault = "";

    public void Clear()
    {
        _pairs.Clear();
        _fault = "";
    }

    public void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (name.Length == 0)
            Fail($"a label with the value '{Show(value)}' has no name");
        else if (name.Length > options.LabelNameLimitBytes)
            Fail($"the label name '{Show(name)}' is longer than {options.LabelNameLimitBytes} bytes");
        else if (value.Length > options.LabelValueLimitBytes)
            Fail($"the value of label {Show(name)} is longer than {options.LabelValueLimitBytes} bytes");
        else if (!Utf8.IsValid(name) || !Utf8.IsValid(value))
            Fail($"label {Show(name)} is not valid UTF-8");
        else
            _pairs.Add((Utf8Pool.Shared.Get(name), Utf8Pool.Shared.Get(value)));
    }

    public void Fail(string fault)
    {
        if (_fault.Length == 0)
            _fault = fault;
    }

    /// <summary>The labels; null, with the reason, where they are no series. The reason names the labels that were read.</summary>
    public LabelSet? Finish(bool needsName, out string reason)
    {
        if (!IsSorted())
            _pairs.Sort(static (left, right) => string.CompareOrdinal(left.Name, right.Name));
        if (_pairs.Count > options.LabelLimit)
            Fail($"{_pairs.Count} labels are more than {options.LabelLimit}");
        var pairs = new string[_pairs.Count * 2];
        var length = 0;
        for (var i = 0; i < _pairs.Count; i++)
        {
            if (i > 0 && _pairs[i].Name == _pairs[i - 1].Name)
                Fail($"label {_pairs[i].Name} appears twice");
            // An empty value is an absent label.
            if (_pairs[i].Value.Length == 0)
                continue;
            pairs[length++] = _pairs[i].Name;
            pairs[length++] = _pairs[i].Value;
        }

        var labels = _fault.Length > 0 ? LabelSet.From(_pairs.Select(pair => KeyValuePair.Create(pair.Name, pair.Value)))
            : LabelSet.FromSortedPairs(length == pairs.Length ? pairs : pairs[..length]);
        if (needsName && !labels.Has(LabelSet.MetricNameLabel))
            Fail("the label __name__ is missing");
        reason = _fault.Length == 0 ? "" : $"{labels}: {_fault}";
        return _fault.Length == 0 ? labels : null;
    }

    private bool IsSorted()
    {
        for (var i = 1; i < _pairs.Count; i++)
        {
            if (string.CompareOrdinal(_pairs[i - 1].Name, _pairs[i].Name) > 0)
                return false;
        }

        return true;
    }

    private static string Show(ReadOnlySpan<byte> text) => Encoding.UTF8.GetString(text[..Math.Min(text.Length, 80)]);
}
