using FsCheck;
using FsCheck.Fluent;

namespace Observability.Collectors.Tests;

/// <summary>Valid lines with pieces cut out, doubled or replaced: nearer to real trouble than random bytes.</summary>
internal static class Damage
{
    public static Arbitrary<string> ArbMapDamage(this Gen<string> lines) => Arb.From(
        from line in lines
        from cut in Gen.Choose(0, line.Length)
        from length in Gen.Choose(0, line.Length - cut)
        from piece in Gen.Elements("", "\"", "\\", "{", "}", ",", "=", " ", "\0", "é", "(", ")", ":", "99999999999999999999", "-")
        select line.Remove(cut, length).Insert(cut, piece));
}
