using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Koalarization.Inception.Weights;

/// <summary>
/// Made-up weights, the same for one seed on every machine: only integer arithmetic and exact float products make them.
/// Scaled after He et al. 2015 (arXiv:1502.01852), so that activations keep their size from layer to layer.
/// </summary>
public sealed class RandomWeights : INetworkWeights
{
    private readonly long _seed;

    /// <summary>Weights of one seed.</summary>
    public RandomWeights(long seed) => _seed = seed;

    /// <inheritdoc/>
    public string Identity => string.Create(CultureInfo.InvariantCulture, $"random:{_seed}");

    /// <inheritdoc/>
    public bool IsRandom => true;

    /// <inheritdoc/>
    public void Read(string variable, ReadOnlySpan<long> expectedShape, Span<float> destination)
    {
        if (variable.EndsWith("/moving_variance", StringComparison.Ordinal))
        {
            destination.Fill(1);
            return;
        }

        // A uniform number of [-a, a) has the variance a²/3.
        float range = MathF.Sqrt(3 * Variance(variable, expectedShape));
        ulong start = SeedOf(variable);
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = SplitMix64.Uniform(start, i) * range;
        }
    }

    private static float Variance(string variable, ReadOnlySpan<long> shape)
    {
        if (!variable.EndsWith("/weights", StringComparison.Ordinal))
        {
            return 0.01f;
        }

        long inputs = 1;
        foreach (long extent in shape[..^1])
        {
            inputs *= extent;
        }

        // Behind a ReLU half of the inputs are zero, hence the 2.
        return 2f / inputs;
    }

    private ulong SeedOf(string variable)
    {
        byte[] digest = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{_seed}/{variable}")));
        return BitConverter.ToUInt64(digest);
    }
}
