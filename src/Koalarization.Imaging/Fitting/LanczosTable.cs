using System.Runtime.CompilerServices;

namespace Koalarization.Imaging.Fitting;

/// <summary>
/// Pillow's fixed-point LANCZOS weights for one change of size along one axis. Immutable.
/// </summary>
/// <remarks>
/// A weight has 22 fraction bits and needs 24 bits, so vector kernels, which multiply 16-bit numbers, take it in two parts:
/// <c>weight = upper * 2^15 + lower</c> with <c>0 &lt;= lower &lt; 2^15</c>. All sums are taken modulo 2^32, and the true sum fits 32 bits
/// (Pillow keeps it in an int), so <c>sum(upper * p) * 2^15 + sum(lower * p)</c> is that sum to the bit.
/// Kernels multiply two neighbours at a time: pairs begin at even source positions, a pair's missing half has weight 0.
/// </remarks>
internal sealed class LanczosTable
{
    /// <summary>Fraction bits of a weight.</summary>
    public const int FractionBits = 22;

    /// <summary>One half, added before the fraction is dropped.</summary>
    public const int Half = 1 << (FractionBits - 1);

    /// <summary>Bits of the lower part of a weight.</summary>
    public const int LowerBits = 15;

    private const double Lobes = 3;

    private readonly int[] _first;
    private readonly int[] _taps;
    private readonly int[] _weights;
    private readonly int _weightsPerTarget;
    private readonly int[] _pairs;
    private readonly int[] _pairRuns;

    /// <param name="source">Pixels along the axis before, at least 1.</param>
    /// <param name="target">Pixels along the axis after, at least 1.</param>
    public LanczosTable(int source, int target)
    {
        Source = source;
        Target = target;
        double scale = (double)source / target;
        double filterScale = Math.Max(scale, 1);
        double support = Lobes * filterScale;
        _weightsPerTarget = ((int)Math.Ceiling(support) * 2) + 1;
        _first = new int[target];
        _taps = new int[target];
        _weights = new int[target * _weightsPerTarget];
        Span<double> exact = new double[_weightsPerTarget];
        for (int i = 0; i < target; i++)
        {
            double centre = (i + 0.5) * scale;
            int first = Math.Max((int)(centre - support + 0.5), 0);
            int taps = Math.Min((int)(centre + support + 0.5), source) - first;
            _first[i] = first;
            _taps[i] = taps;
            Fill(exact[..taps], first - centre + 0.5, 1 / filterScale);
            ToFixedPoint(exact[..taps], _weights.AsSpan(i * _weightsPerTarget, taps));
        }

        (_pairs, _pairRuns) = PackPairs();
    }

    /// <summary>Pixels along the axis before.</summary>
    public int Source { get; }

    /// <summary>Pixels along the axis after.</summary>
    public int Target { get; }

    /// <summary>
    /// All pairs of weights behind each other, two ints a pair: the two upper parts as 16-bit halves (the even position's below), then the
    /// two lower parts.
    /// </summary>
    public ReadOnlySpan<int> Pairs => _pairs;

    /// <summary>Two ints a target pixel: its first pair of source positions, and how many pairs it takes.</summary>
    public ReadOnlySpan<int> PairRuns => _pairRuns;

    /// <summary>Where the weights of a target pixel begin.</summary>
    public int First(int target) => _first[target];

    /// <summary>The weights of a target pixel, for the source positions from <see cref="First"/> on.</summary>
    public ReadOnlySpan<int> Weights(int target) => _weights.AsSpan(target * _weightsPerTarget, _taps[target]);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Fill(Span<double> weights, double offset, double inverseScale)
    {
        double sum = 0;
        for (int k = 0; k < weights.Length; k++)
        {
            weights[k] = Lanczos((k + offset) * inverseScale);
            sum += weights[k];
        }

        foreach (ref double weight in weights)
        {
            weight = sum == 0 ? weight : weight / sum;
        }
    }

    private static double Lanczos(double t) => t is >= -Lobes and < Lobes ? Sinc(t) * Sinc(t / Lobes) : 0;

    private static double Sinc(double t) => t == 0 ? 1 : Math.Sin(t * Math.PI) / (t * Math.PI);

    private static void ToFixedPoint(ReadOnlySpan<double> exact, Span<int> weights)
    {
        for (int k = 0; k < exact.Length; k++)
        {
            double scaled = exact[k] * (1 << FractionBits);
            weights[k] = (int)(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private (int[] Pairs, int[] Runs) PackPairs()
    {
        var runs = new int[2 * Target];
        var pairs = new List<int>(Target * (_weightsPerTarget + 3));
        for (int i = 0; i < Target; i++)
        {
            int firstPair = _first[i] / 2;
            int lastPair = (_first[i] + Math.Max(_taps[i], 1) - 1) / 2;
            runs[2 * i] = firstPair;
            runs[(2 * i) + 1] = lastPair - firstPair + 1;
            for (int pair = firstPair; pair <= lastPair; pair++)
            {
                int even = WeightAt(i, 2 * pair);
                int odd = WeightAt(i, (2 * pair) + 1);
                pairs.Add(InHalves(even >> LowerBits, odd >> LowerBits));
                pairs.Add(InHalves(even & ((1 << LowerBits) - 1), odd & ((1 << LowerBits) - 1)));
            }
        }

        return (pairs.ToArray(), runs);
    }

    private int WeightAt(int target, int position)
    {
        int tap = position - _first[target];
        return tap >= 0 && tap < _taps[target] ? _weights[(target * _weightsPerTarget) + tap] : 0;
    }

    private static int InHalves(int lower, int upper) => (lower & 0xFFFF) | (upper << 16);
}
