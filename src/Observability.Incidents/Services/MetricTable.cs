namespace Observability.Incidents;

/// <summary>Measurements of many nodes over the same intervals; not-a-number where there is none.</summary>
public sealed class MetricTable
{
    private readonly Dictionary<MetricColumn, IReadOnlyList<double>> _columns = [];

    /// <summary>A table.</summary>
    /// <param name="rows">Intervals.</param>
    /// <param name="columns">One value an interval each; of a column given twice the first counts.</param>
    /// <exception cref="ArgumentException">A column has another number of rows.</exception>
    public MetricTable(int rows, IEnumerable<KeyValuePair<MetricColumn, IReadOnlyList<double>>> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        Rows = rows;
        foreach (var (column, values) in columns)
        {
            if (values.Count != rows)
                throw new ArgumentException($"{column} has {values.Count} values where the table has {rows} rows", nameof(columns));
            _columns.TryAdd(column, values);
        }
    }

    /// <summary>A table of no rows: nothing is known.</summary>
    public static MetricTable Empty { get; } = new(0, []);

    /// <summary>Intervals.</summary>
    public int Rows { get; }

    /// <summary>What is measured.</summary>
    public IReadOnlyCollection<MetricColumn> Columns => _columns.Keys;

    /// <summary>A column's values; none where the table has no such column.</summary>
    public IReadOnlyList<double> this[MetricColumn column] => _columns.TryGetValue(column, out var values) ? values : [];

    /// <summary>The rows of several tables one after the other; a column that a table lacks has no values there.</summary>
    public static MetricTable Concat(IReadOnlyCollection<MetricTable> tables)
    {
        ArgumentNullException.ThrowIfNull(tables);
        return new(tables.Sum(table => table.Rows), tables.SelectMany(table => table.Columns).Distinct().Select(column => KeyValuePair.Create(
            column, (IReadOnlyList<double>)[.. tables.SelectMany(table => table[column] is { Count: > 0 } values ? values : Enumerable.Repeat(double.NaN, table.Rows))])));
    }

    /// <summary>Some of the rows.</summary>
    public MetricTable Slice(int from, int count) =>
        new(count, _columns.Select(column => KeyValuePair.Create(column.Key, (IReadOnlyList<double>)[.. column.Value.Skip(from).Take(count)])));
}
