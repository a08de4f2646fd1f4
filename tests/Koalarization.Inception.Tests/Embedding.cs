using Koalarization.Inception.Devices;

namespace Koalarization.Inception.Tests;

/// <summary>Runs embedders on as many pictures as wanted.</summary>
internal static class Embedding
{
    public static EmbedderOptions OnCpu(EmbedPrecision precision = EmbedPrecision.Fp32, int batchSize = 8, int? threads = null)
        => new(EmbedDevice.Cpu, precision, batchSize, threads);

    /// <summary>[pictures, 1001] logits, by as many batches as it takes.</summary>
    public static float[] EmbedAll(this IEmbedder embedder, ReadOnlySpan<byte> gray)
    {
        int pictures = gray.Length / InceptionResNetV2Shape.PicturePixels;
        var logits = new float[pictures * InceptionResNetV2Shape.Logits];
        for (int first = 0; first < pictures; first += embedder.BatchSize)
        {
            int count = Math.Min(embedder.BatchSize, pictures - first);
            embedder.Embed(
                [.. Enumerable.Range(first, count).Select(i => $"{i}.jpeg")],
                gray.Slice(first * InceptionResNetV2Shape.PicturePixels, count * InceptionResNetV2Shape.PicturePixels),
                logits.AsSpan(first * InceptionResNetV2Shape.Logits, count * InceptionResNetV2Shape.Logits));
        }

        return logits;
    }

    public static float[] Picture(this float[] logits, int index)
        => logits[(index * InceptionResNetV2Shape.Logits)..((index + 1) * InceptionResNetV2Shape.Logits)];

    public static double LargestDifference(ReadOnlySpan<float> one, ReadOnlySpan<float> other)
    {
        Assert.Equal(one.Length, other.Length);
        double largest = 0;
        for (int i = 0; i < one.Length; i++)
        {
            Assert.True(float.IsFinite(one[i]));
            largest = Math.Max(largest, Math.Abs((double)one[i] - other[i]));
        }

        return largest;
    }

    public static double Cosine(ReadOnlySpan<float> one, ReadOnlySpan<float> other)
    {
        (double dot, double oneSquare, double otherSquare) = (0, 0, 0);
        for (int i = 0; i < one.Length; i++)
        {
            dot += (double)one[i] * other[i];
            oneSquare += (double)one[i] * one[i];
            otherSquare += (double)other[i] * other[i];
        }

        return dot / Math.Sqrt(oneSquare * otherSquare);
    }
}
