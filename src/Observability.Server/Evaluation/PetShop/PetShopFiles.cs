using System.Globalization;
using Observability.Incidents;

namespace Observability.Server;

/// <summary>Reads the tables of a PetShop scenario.</summary>
internal static class PetShopFiles
{
    /// <summary>
    /// A call graph as adjacency matrix, row = caller, column = callee; any cell that is not empty, 0 or false is a call.
    /// <code>
    /// ,PetSearch,PetSite
    /// PetSite,1,0
    /// </code>
    /// </summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ServiceGraph Graph(string file)
    {
        var rows = CsvRows.Read(file);
        var callees = rows.Count == 0 ? [] : rows[0].Skip(1).ToArray();
        return new ServiceGraph(
            callees.Concat(rows.Skip(1).Select(row => row[0])).Where(name => name.Length > 0).Select(name => KeyValuePair.Create(name, "")),
            rows.Skip(1).SelectMany(row => row.Skip(1).Zip(callees).Where(cell => IsCall(cell.First)).Select(cell => new ServiceLink(row[0], ServiceEdge.Calls, cell.Second))));
    }

    /// <summary>
    /// Metrics with header rows that name node, metric and statistic of each column, then rows that begin with their time, in any order.
    /// <code>
    /// microservice,PetSite,PetSite
    /// metric,latency,requests
    /// statistic,p99,Sum
    /// unix_timestamp,,
    /// 1681855320.0,0.23,477
    /// </code>
    /// A cell that is no number is a missing value, and so is one that a short row lacks.
    /// </summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static MetricTable Metrics(string file)
    {
        var rows = CsvRows.Read(file);
        var header = rows.TakeWhile(row => Number(row[0]) is null).ToArray();
        var nodes = Header(header, 0, row => row[0].Length == 0 || row[0].Contains("service", StringComparison.OrdinalIgnoreCase) || row[0].Contains("node", StringComparison.OrdinalIgnoreCase));
        var metrics = Header(header, 1, row => row[0].Equals("metric", StringComparison.OrdinalIgnoreCase));
        var statistics = Header(header, 2, row => row[0].StartsWith("stat", StringComparison.OrdinalIgnoreCase) || row[0].StartsWith("agg", StringComparison.OrdinalIgnoreCase));
        var values = rows.Skip(header.Length).Where(row => Number(row[0]) is not null).OrderBy(row => Number(row[0])).ToArray();
        var columns = Enumerable.Range(1, Math.Max(0, nodes.Count - 1)).Where(at => nodes[at].Length > 0).Select(at => KeyValuePair.Create(
            new MetricColumn(nodes[at], Cell(metrics, at), Cell(statistics, at)),
            (IReadOnlyList<double>)[.. values.Select(row => Number(Cell(row, at)) ?? double.NaN)]));
        return new MetricTable(values.Length, columns);
    }

    private static IReadOnlyList<string> Header(IReadOnlyList<string>[] header, int place, Func<IReadOnlyList<string>, bool> isNamed) =>
        header.FirstOrDefault(isNamed) ?? (place < header.Length ? header[place] : []);

    private static string Cell(IReadOnlyList<string> row, int at) => at < row.Count ? row[at] : "";

    private static bool IsCall(string cell) => cell.Length > 0 && Number(cell) is not 0 && !cell.Equals("false", StringComparison.OrdinalIgnoreCase);

    private static double? Number(string cell) => double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
}
