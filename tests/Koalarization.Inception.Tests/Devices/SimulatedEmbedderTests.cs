using Koalarization.Inception.Devices;

namespace Koalarization.Inception.Tests.Devices;

public sealed class SimulatedEmbedderTests
{
    private const int Pixels = InceptionResNetV2Shape.PicturePixels;
    private readonly SteppedTimeProvider _clock = new();
    private readonly List<TimeSpan> _waits = [];

    public SimulatedEmbedderTests() => _clock.TimerSet = wait =>
    {
        _waits.Add(wait);
        _clock.Advance(wait);
    };

    [Fact]
    public void Takes_the_time_of_its_rate()
    {
        using IEmbedder embedder = Create(picturesPerSecond: 50);

        Embed(embedder, "a", "b", "c");
        Embed(embedder, "d");

        Assert.Equal([TimeSpan.FromMilliseconds(60), TimeSpan.FromMilliseconds(20)], _waits);
    }

    [Fact]
    public void Makes_logits_up_from_the_name_alone()
    {
        using IEmbedder one = Create(100), other = Create(7);

        float[] together = Embed(one, "a", "b");

        Assert.Equal(together.Picture(1), Embed(other, "b"));
        Assert.NotEqual(together.Picture(0), together.Picture(1));
        Assert.All(together, logit => Assert.InRange(logit, -4, 4));
    }

    [Fact]
    public void Says_that_it_is_simulated()
    {
        using IEmbedder embedder = Create(100);

        Assert.Equal("simulated", embedder.Identity.Device);
        Assert.Equal("simulated", embedder.Identity.Weights);
        Assert.True(embedder.Identity.IsRandom);
    }

    [Fact]
    public void Refuses_a_batch_that_does_not_fit()
    {
        using IEmbedder embedder = Create(100);

        Assert.Throws<ArgumentException>(() => embedder.Embed([], [], []));
        Assert.Throws<ArgumentException>(() => embedder.Embed(["a"], new byte[Pixels - 1], new float[InceptionResNetV2Shape.Logits]));
        Assert.Throws<ArgumentException>(() => embedder.Embed(["a"], new byte[Pixels], new float[InceptionResNetV2Shape.Logits + 1]));
        Assert.Throws<ArgumentException>(() => Embed(embedder, "1", "2", "3", "4", "5"));
    }

    private static float[] Embed(IEmbedder embedder, params string[] names)
    {
        var logits = new float[names.Length * InceptionResNetV2Shape.Logits];
        embedder.Embed(names, new byte[names.Length * Pixels], logits);
        return logits;
    }

    private IEmbedder Create(double picturesPerSecond)
        => Embedders.Create(null, new EmbedderOptions(EmbedDevice.Simulated(picturesPerSecond), BatchSize: 4), _clock);
}
