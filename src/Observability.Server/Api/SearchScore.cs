namespace Observability.Server;

/// <summary>How well a name fits a term, from 0 (not at all) to 1 (the same).</summary>
internal static class SearchScore
{
    /// <summary>
    /// The characters of the term in their order, with anything between: runs count by their square, gaps cost a little, so
    /// that <c>http_req</c> prefers <c>http_requests_total</c> to <c>has_the_trip_request</c>.
    /// </summary>
    public static double Subsequence(string term, string name)
    {
        if (term.Length == 0 || name == term)
            return 1;
        double runs = 0, gaps = 0;
        int at = 0, matched = 0;
        while (matched < term.Length)
        {
            var start = name.IndexOf(term[matched], at);
            if (start < 0)
                return 0;
            gaps += start - at;
            at = start;
            while (matched < term.Length && at < name.Length && name[at] == term[matched])
                (at, matched) = (at + 1, matched + 1);
            runs += (double)(at - start) * (at - start);
        }

        var cost = (gaps + ((name.Length - at) / 2.0)) / name.Length;
        return Math.Clamp((runs - cost) / ((double)term.Length * term.Length), 0.001, 1);
    }

    /// <summary>Jaro's share of common characters, raised for a common beginning (Winkler 1990).</summary>
    public static double JaroWinkler(string term, string name)
    {
        if (term == name)
            return 1;
        var reach = Math.Max(0, (Math.Max(term.Length, name.Length) / 2) - 1);
        var taken = new bool[name.Length];
        var common = new List<char>();
        for (var i = 0; i < term.Length; i++)
        {
            for (var j = Math.Max(0, i - reach); j <= Math.Min(name.Length - 1, i + reach); j++)
            {
                if (taken[j] || name[j] != term[i])
                    continue;
                taken[j] = true;
                common.Add(term[i]);
                break;
            }
        }

        if (common.Count == 0)
            return 0;
        var others = Enumerable.Range(0, name.Length).Where(j => taken[j]).Select(j => name[j]);
        var swapped = common.Zip(others).Count(pair => pair.First != pair.Second) / 2.0;
        double m = common.Count;
        var jaro = ((m / term.Length) + (m / name.Length) + ((m - swapped) / m)) / 3;
        var prefix = term.Zip(name).TakeWhile(pair => pair.First == pair.Second).Take(4).Count();
        return jaro + (prefix * 0.1 * (1 - jaro));
    }
}
