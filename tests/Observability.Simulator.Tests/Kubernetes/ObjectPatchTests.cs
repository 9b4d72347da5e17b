using System.Text.Json.Nodes;

namespace Observability.Simulator.Tests;

/// <summary>The three patch formats on plain objects.</summary>
public sealed class ObjectPatchTests
{
    [Theory]
    // The examples of RFC 7396, appendix A, whose target is an object.
    [InlineData("""{"a":"b"}""", """{"a":"c"}""", """{"a":"c"}""")]
    [InlineData("""{"a":"b"}""", """{"b":"c"}""", """{"a":"b","b":"c"}""")]
    [InlineData("""{"a":"b"}""", """{"a":null}""", "{}")]
    [InlineData("""{"a":"b","b":"c"}""", """{"a":null}""", """{"b":"c"}""")]
    [InlineData("""{"a":["b"]}""", """{"a":"c"}""", """{"a":"c"}""")]
    [InlineData("""{"a":"c"}""", """{"a":["b"]}""", """{"a":["b"]}""")]
    [InlineData("""{"a":{"b":"c"}}""", """{"a":{"b":"d","c":null}}""", """{"a":{"b":"d"}}""")]
    [InlineData("""{"a":[{"b":"c"}]}""", """{"a":[1]}""", """{"a":[1]}""")]
    [InlineData("""{"e":null}""", """{"a":1}""", """{"e":null,"a":1}""")]
    [InlineData("{}", """{"a":{"bb":{"ccc":null}}}""", """{"a":{"bb":{}}}""")]
    public void MergePatch_OfTheStandardsExamples_GivesTheirResults(string target, string patch, string expected) =>
        Assert.Equal(expected, Text(MergePatch.Apply(Parse(target), JsonNode.Parse(patch))));

    [Theory]
    [InlineData("""{"metadata":{"labels":{"a":"1","b":"2"}}}""", """{"metadata":{"labels":{"a":null,"c":"3"}}}""", """{"metadata":{"labels":{"b":"2","c":"3"}}}""")]
    [InlineData("""{"metadata":{"labels":{"a":"1"}}}""", """{"metadata":{"labels":{"$patch":"replace","c":"3"}}}""", """{"metadata":{"labels":{"c":"3"}}}""")]
    [InlineData("""{"metadata":{"labels":{"a":"1"}}}""", """{"metadata":{"labels":{"$patch":"delete"}}}""", """{"metadata":{"labels":{}}}""")]
    [InlineData("""{"status":{"conditions":[{"type":"A","status":"True"},{"type":"B"}]}}""", """{"status":{"conditions":[{"type":"A","status":"False"},{"type":"C"}]}}""", """{"status":{"conditions":[{"type":"A","status":"False"},{"type":"B"},{"type":"C"}]}}""")]
    [InlineData("""{"status":{"conditions":[{"type":"A"},{"type":"B"}]}}""", """{"status":{"conditions":[{"type":"A","$patch":"delete"}],"$setElementOrder/conditions":[{"type":"B"}]}}""", """{"status":{"conditions":[{"type":"B"}]}}""")]
    [InlineData("""{"status":{"conditions":[{"type":"A"}]}}""", """{"status":{"conditions":[{"$patch":"replace"},{"type":"C"}]}}""", """{"status":{"conditions":[{"type":"C"}]}}""")]
    [InlineData("""{"spec":{"taints":[{"key":"a"}]}}""", """{"spec":{"taints":[{"key":"b"}]}}""", """{"spec":{"taints":[{"key":"b"}]}}""")]
    [InlineData("""{"metadata":{"finalizers":["a"]}}""", """{"metadata":{"finalizers":["a","b"]}}""", """{"metadata":{"finalizers":["a","b"]}}""")]
    [InlineData("""{"metadata":{"finalizers":["a","b"]}}""", """{"metadata":{"$deleteFromPrimitiveList/finalizers":["a"]}}""", """{"metadata":{"finalizers":["b"]}}""")]
    public void StrategicPatch_OfMapsAndLists_MergesByTheirRules(string target, string patch, string expected) =>
        Assert.Equal(expected, Text(StrategicMergePatch.Apply(Parse(target), JsonNode.Parse(patch))));

    [Theory]
    [InlineData("""{"status":{"conditions":[{"status":"True"}]}}""", """map: {"status":"True"} does not contain declared merge key: type""")]
    [InlineData("""{"spec":{"$patch":"explode"}}""", "Unknown patch type found: explode")]
    public void StrategicPatch_Faulty_SaysWhy(string patch, string problem) =>
        Assert.Equal(problem, StrategicMergePatch.Apply([], JsonNode.Parse(patch)).Problem);

    [Theory]
    [InlineData("""[{"op":"add","path":"/a/-","value":3}]""", """{"a":[1,2,3],"b":{"c/d":1}}""")]
    [InlineData("""[{"op":"add","path":"/a/0","value":0}]""", """{"a":[0,1,2],"b":{"c/d":1}}""")]
    [InlineData("""[{"op":"remove","path":"/b/c~1d"}]""", """{"a":[1,2],"b":{}}""")]
    [InlineData("""[{"op":"test","path":"/a/1","value":2},{"op":"replace","path":"/a/1","value":9}]""", """{"a":[1,9],"b":{"c/d":1}}""")]
    [InlineData("""[{"op":"move","from":"/a/0","path":"/b/x"}]""", """{"a":[2],"b":{"c/d":1,"x":1}}""")]
    [InlineData("""[{"op":"copy","from":"/b","path":"/c"}]""", """{"a":[1,2],"b":{"c/d":1},"c":{"c/d":1}}""")]
    public void JsonPatch_EachOperation_Applies(string patch, string expected) =>
        Assert.Equal(expected, Text(JsonPatch.Apply(Parse("""{"a":[1,2],"b":{"c/d":1}}"""), JsonNode.Parse(patch))));

    [Theory]
    [InlineData("""[{"op":"test","path":"/a/1","value":7}]""", "testing value /a/1 failed: test failed")]
    [InlineData("""[{"op":"remove","path":"/x"}]""", "the path \"/x\" does not exist in the object")]
    [InlineData("""[{"op":"add","path":"/a/3","value":1}]""", "the path \"/a/3\" does not exist in the object")]
    [InlineData("""[{"op":"add","path":"/x/y","value":1}]""", "the path \"/x/y\" does not exist in the object")]
    [InlineData("""[{"op":"flip","path":"/a"}]""", "Unexpected kind: flip")]
    [InlineData("""{"op":"add"}""", "a JSON patch must be a list of at most 10000 operations")]
    public void JsonPatch_Faulty_SaysWhy(string patch, string problem) =>
        Assert.Equal(problem, JsonPatch.Apply(Parse("""{"a":[1,2]}"""), JsonNode.Parse(patch)).Problem);

    private static JsonObject Parse(string text) => (JsonObject)JsonNode.Parse(text)!;

    private static string Text(PatchOutcome outcome) => outcome.Patched?.ToJsonString() ?? outcome.Problem;
}
