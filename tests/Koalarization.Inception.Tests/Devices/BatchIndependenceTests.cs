using Koalarization.Imaging.Jpeg;
using Koalarization.Inception.Devices;

namespace Koalarization.Inception.Tests.Devices;

/// <summary>A picture's logits depend on the picture alone, to the bit: a killed and resumed run makes the same records.</summary>
[Collection(TorchCollection.Name)]
public sealed class BatchIndependenceTests(GoldenWeights golden)
{
    private const int Pixels = InceptionResNetV2Shape.PicturePixels;

    [Fact]
    public void Gives_a_picture_the_same_bits_in_every_place_and_company()
    {
        byte[] gray = GoldenEmbeddings.Gray(DctMethod.Accurate, 16);
        byte[] picture = gray[..Pixels];
        float[] alone = golden.Embedder.EmbedAll(picture);

        for (int place = 0; place < golden.Embedder.BatchSize; place++)
        {
            // Other neighbours each time.
            byte[] batch = gray[(place * Pixels)..((place + 8) * Pixels)];
            picture.CopyTo(batch.AsSpan(place * Pixels));
            Assert.Equal(alone, golden.Embedder.EmbedAll(batch).Picture(place));
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 2)]
    [InlineData(16, 1)]
    public void Gives_the_same_bits_whatever_the_batch_and_threads(int batchSize, int threads)
    {
        byte[] gray = GoldenEmbeddings.Gray(DctMethod.Accurate, 3);

        using IEmbedder other = Embedders.Create(golden.Weights, Embedding.OnCpu(batchSize: batchSize, threads: threads));

        Assert.Equal(golden.Embedder.EmbedAll(gray), other.EmbedAll(gray));
    }

    [SkippableByCpuFact]
    public void Gives_the_same_bits_in_every_place_in_bf16()
    {
        byte[] gray = GoldenEmbeddings.Gray(DctMethod.Accurate, 8);
        using IEmbedder embedder = Embedders.Create(golden.Weights, Embedding.OnCpu(EmbedPrecision.Bf16));
        float[] together = embedder.EmbedAll(gray);

        for (int i = 0; i < 8; i++)
        {
            Assert.Equal(together.Picture(i), embedder.EmbedAll(gray.AsSpan(i * Pixels, Pixels)));
        }
    }
}
