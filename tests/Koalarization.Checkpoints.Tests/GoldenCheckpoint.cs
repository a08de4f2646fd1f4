using System.Text.Json;
using Koalarization.Checkpoints.Tensors;

namespace Koalarization.Checkpoints.Tests;

/// <summary>The small golden checkpoints and what TensorFlow says is in them.</summary>
internal static class GoldenCheckpoint
{
    private static readonly Lazy<JsonDocument> Values = new(() => JsonDocument.Parse(Golden.Bytes("checkpoints/values.json")));

    public static TheoryData<string> Names => [.. Values.Value.RootElement.EnumerateObject().Select(entry => entry.Name)];

    public static string PathOf(string name) => Golden.PathOf($"checkpoints/{name}.ckpt");

    /// <summary>Every tensor of one checkpoint; <c>Strings</c> is null for types of fixed size.</summary>
    public static IEnumerable<(string Name, string Type, long[] Shape, byte[] Bytes, byte[][]? Strings)> TensorsOf(string name)
    {
        foreach (JsonProperty tensor in Values.Value.RootElement.GetProperty(name).EnumerateObject())
        {
            JsonElement hex = tensor.Value.GetProperty("hex");
            bool strings = hex.ValueKind == JsonValueKind.Array;
            yield return (
                tensor.Name,
                tensor.Value.GetProperty("dtype").GetString()!,
                [.. tensor.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())],
                strings ? [] : Convert.FromHexString(hex.GetString()!),
                strings ? [.. hex.EnumerateArray().Select(item => Convert.FromHexString(item.GetString()!))] : null);
        }
    }

    /// <summary>Asserts that a checkpoint holds exactly what TensorFlow saved.</summary>
    public static void AssertEqual(string name, Checkpoint checkpoint)
    {
        var names = new List<string>();
        foreach ((string tensor, string type, long[] shape, byte[] bytes, byte[][]? strings) in TensorsOf(name))
        {
            TensorInfo info = checkpoint.Tensors[tensor];
            Assert.Equal(type, info.ElementType.ToString(), ignoreCase: true);
            Assert.Equal(shape, info.Shape);
            if (strings is null)
            {
                Assert.Equal(bytes, checkpoint.ReadBytes(tensor));
            }
            else
            {
                Assert.Equal(strings, checkpoint.ReadStrings(tensor));
            }

            names.Add(tensor);
        }

        foreach (TensorInfo other in checkpoint.Tensors.Values.Where(tensor => tensor.Name.StartsWith('_')))
        {
            Assert.Single(checkpoint.ReadStrings(other.Name));
        }

        Assert.Equal(names.Order(StringComparer.Ordinal), checkpoint.Tensors.Keys.Where(key => !key.StartsWith('_')).Order(StringComparer.Ordinal));
    }
}
