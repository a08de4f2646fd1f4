using Koalarization.Checkpoints;
using Koalarization.Imaging.Jpeg;
using Koalarization.Inception.Devices;
using Koalarization.Inception.Weights;
using Xunit.Abstractions;

namespace Koalarization.Inception.Tests.Network;

[Collection(TorchCollection.Name)]
public sealed class GoldenLogitsTests(GoldenWeights golden, ITestOutputHelper output)
{
    private const double Tolerance = 1e-4;

    [TurboJpegFact]
    public void Gives_the_logits_of_TensorFlow_for_its_default_pixels() => AssertLogits(DctMethod.Fast);

    [Fact]
    public void Gives_the_logits_of_TensorFlow_for_its_accurate_pixels() => AssertLogits(DctMethod.Accurate);

    [Fact]
    public void Gives_the_same_logits_without_fused_convolutions()
    {
        using IEmbedder plain = TorchEmbedders.Plain(golden.Weights, batchSize: 2);

        float[] logits = plain.EmbedAll(GoldenEmbeddings.Gray(DctMethod.Accurate, 4));

        double largest = Embedding.LargestDifference(logits, GoldenEmbeddings.Logits(DctMethod.Accurate).AsSpan(0, logits.Length));
        output.WriteLine($"plain: largest difference {largest:g3}");
        Assert.True(largest < Tolerance, $"{largest}");
    }

    [Fact]
    public void Gives_the_same_bits_from_a_V2_checkpoint()
    {
        using var folder = new TemporaryFolder();
        string prefix = folder["full_v2.ckpt"];
        File.Copy(Golden.PathOf("checkpoints/full_v2.ckpt.index"), prefix + ".index");
        File.CreateSymbolicLink(prefix + ".data-00000-of-00001", Golden.Unpacked("checkpoints/full_v2.ckpt.data-00000-of-00001"));
        using Checkpoint checkpoint = Checkpoint.Open(prefix);
        byte[] gray = GoldenEmbeddings.Gray(DctMethod.Accurate, 2);

        using IEmbedder embedder = Embedders.Create(new CheckpointWeights(checkpoint), Embedding.OnCpu());

        Assert.Equal(golden.Embedder.EmbedAll(gray), embedder.EmbedAll(gray));
        Assert.NotEqual(golden.Embedder.Identity, embedder.Identity);
    }

    [SkippableByCpuFact]
    public void Stays_close_to_TensorFlow_in_bf16()
    {
        using IEmbedder embedder = Embedders.Create(golden.Weights, Embedding.OnCpu(EmbedPrecision.Bf16));

        float[] logits = embedder.EmbedAll(GoldenEmbeddings.Gray(DctMethod.Accurate, 37));

        float[] expected = GoldenEmbeddings.Logits(DctMethod.Accurate);
        double[] cosines = [.. Enumerable.Range(0, 37).Select(i => Embedding.Cosine(logits.Picture(i), expected.Picture(i)))];
        output.WriteLine($"bf16: smallest cosine {cosines.Min():f6}");
        Assert.All(cosines, cosine => Assert.True(cosine >= 0.999, $"{cosine}"));
    }

    [Fact]
    public void Knows_its_weights_by_their_hash()
        => Assert.Equal(
            new EmbedderIdentity(
                "0370c450f07dfd42dc76c2961595af6ba5ee346a27090da5ae692f30686eb270", false, EmbedPrecision.Fp32, "cpu", "inception-resnet-v2/1"),
            golden.Embedder.Identity);

    private void AssertLogits(DctMethod dct)
    {
        float[] logits = golden.Embedder.EmbedAll(GoldenEmbeddings.Gray(dct, 37));

        double largest = Embedding.LargestDifference(logits, GoldenEmbeddings.Logits(dct));
        output.WriteLine($"{dct}: largest difference {largest:g3}");
        Assert.True(largest < Tolerance, $"{largest}");
    }
}
