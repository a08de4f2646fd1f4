
using Koalarization.Checkpoints.Tensors;

namespace Koalarization.Checkpoints.Tests;

public class GoldenCheckpointTests
{
    public static TheoryData<string> Names => GoldenCheckpoint.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Reads_what_TensorFlow_saved(string name)
    {
        using var checkpoint = Checkpoint.Open(GoldenCheckpoint.PathOf(name));
        GoldenCheckpoint.AssertEqual(name, checkpoint);
    }

    [Fact]
    public void The_object_graph_of_an_object_based_checkpoint_is_a_string_like_any_other()
    {
        using var checkpoint = Checkpoint.Open(GoldenCheckpoint.PathOf("v2_object_based"));
        byte[] graph = Assert.Single(checkpoint.ReadStrings("_CHECKPOINTABLE_OBJECT_GRAPH"));
        Assert.Contains("new_float32/.ATTRIBUTES/VARIABLE_VALUE", System.Text.Encoding.Latin1.GetString(graph), StringComparison.Ordinal);
    }

    [Fact]
    public void The_whole_network_is_the_same_in_both_formats()
    {
        using var v1 = Checkpoint.Open(Golden.Unpacked("checkpoints/full_v1.ckpt"));
        using Checkpoint v2 = OpenFullV2();
        Assert.Equal(v2.Tensors.Keys.Order(StringComparer.Ordinal), v1.Tensors.Keys.Order(StringComparer.Ordinal));
        foreach ((string name, TensorInfo info) in v1.Tensors)
        {
            Assert.Equal(v2.Tensors[name].ToString(), info.ToString());
            Assert.True(v1.ReadBytes(name).AsSpan().SequenceEqual(v2.ReadBytes(name)), name);
        }

        Assert.Equal([3, 3, 3, 32], v1.Tensors["InceptionResnetV2/Conv2d_1a_3x3/weights"].Shape);
        Assert.Equal([1536, 1001], v1.Tensors["InceptionResnetV2/Logits/Logits/weights"].Shape);
        Assert.Contains("global_step", v1.Tensors);
    }

    [Fact]
    public void The_identity_of_a_single_file_is_its_SHA_256()
    {
        using var checkpoint = Checkpoint.Open(Golden.Unpacked("checkpoints/full_v1.ckpt"));
        Assert.StartsWith("0370c450", checkpoint.Sha256, StringComparison.Ordinal);
        Assert.EndsWith("eb270", checkpoint.Sha256, StringComparison.Ordinal);
    }

    private static Checkpoint OpenFullV2()
    {
        string data = Golden.Unpacked("checkpoints/full_v2.ckpt.data-00000-of-00001");
        string index = Path.Combine(Path.GetDirectoryName(data)!, "full_v2.ckpt.index");
        File.Copy(Golden.PathOf("checkpoints/full_v2.ckpt.index"), index, overwrite: true);
        return Checkpoint.Open(Path.ChangeExtension(index, null));
    }
}
