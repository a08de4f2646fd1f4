using FsCheck.Xunit;
using Koalarization.Inception.Weights;

namespace Koalarization.Inception.Tests.Weights;

[Collection(TorchCollection.Name)]
public sealed class RandomWeightsTests
{
    [Fact]
    public void SplitMix64_gives_its_authors_numbers()
    {
        // The first numbers of seed 1234567, as in the public test vectors: 6457827717110365317, 3203168211198807973, 9817491932198370423.
        ulong[] published = [6457827717110365317, 3203168211198807973, 9817491932198370423];

        for (int i = 0; i < published.Length; i++)
        {
            Assert.Equal(((long)(published[i] >> 40) - 0x800000) / (double)0x800000, SplitMix64.Uniform(1234567, i));
        }
    }

    [Property(MaxTest = 30)]
    public bool One_seed_gives_one_set_of_numbers(long seed, short variable)
    {
        float[] first = Read(seed, $"v{variable}/weights"), second = Read(seed, $"v{variable}/weights");
        return first.SequenceEqual(second)
            && !first.SequenceEqual(Read(unchecked(seed + 1), $"v{variable}/weights"))
            && !first.SequenceEqual(Read(seed, $"v{variable + 1}/weights"));
    }

    [Fact]
    public void Says_that_it_is_made_up()
    {
        var weights = new RandomWeights(42);

        Assert.True(weights.IsRandom);
        Assert.Equal("random:42", weights.Identity);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-7)]
    public void Gives_different_pictures_different_logits_of_ordinary_size(long seed)
    {
        using IEmbedder embedder = Embedders.Create(new RandomWeights(seed), Embedding.OnCpu(batchSize: 4));
        float[] logits = embedder.EmbedAll(GoldenEmbeddings.Gray(Koalarization.Imaging.Jpeg.DctMethod.Accurate, 4));

        for (int i = 0; i < 4; i++)
        {
            float[] picture = logits.Picture(i);
            Assert.InRange(picture.Max(), 0.1, 100);
            Assert.InRange(picture.Min(), -100, -0.1);
            for (int j = 0; j < i; j++)
            {
                Assert.True(Embedding.LargestDifference(picture, logits.Picture(j)) > 0.1);
            }
        }
    }

    private static float[] Read(long seed, string variable)
    {
        var values = new float[64];
        new RandomWeights(seed).Read(variable, [1, 1, 8, 8], values);
        return values;
    }
}
