using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Koalarization.Imaging;

/// <summary>
/// The record's Lab in float32. The vector and the scalar path do the same operations in the same order, each rounded by itself (no fused
/// multiply-add), so they agree to the bit.
/// </summary>
internal static unsafe class FastLab
{
    private const int BlockPixels = 64;

    // The rows of the RGB to XYZ matrix over the white point.
    private const float XRed = (float)(0.412453 / 0.95047);
    private const float XGreen = (float)(0.357580 / 0.95047);
    private const float XBlue = (float)(0.180423 / 0.95047);
    private const float YRed = 0.212671f;
    private const float YGreen = 0.715160f;
    private const float YBlue = 0.072169f;
    private const float ZRed = (float)(0.019334 / 1.08883);
    private const float ZGreen = (float)(0.119193 / 1.08883);
    private const float ZBlue = (float)(0.950227 / 1.08883);

    private const float Threshold = 0.008856f;
    private const float Slope = 7.787f;
    private const float Intercept = (float)(16.0 / 116.0);

    // L = 116 f - 16 and 2 L / 100 - 1 in one; a = 500 (fx - fy) and a / 127 in one; b likewise.
    private const float LuminanceScale = 2.32f;
    private const float LuminanceOffset = 1.32f;
    private const float AScale = (float)(500.0 / 127.0);
    private const float BScale = (float)(200.0 / 127.0);

    private const float Third = 1f / 3f;

    // First guess of t^(-1/3) from the bits of t, good to 4 %; the polynomial in c = t r^3 brings it to 0.2 %, the third-order step to
    // float32's precision. (Moroz et al., "Fast calculation of cube root and inverse cube root", 2021.)
    private const int Guess = 0x548c2b4b;
    private const float Guess0 = 1.752319676f;
    private const float Guess1 = 1.2509524245f;
    private const float Guess2 = 0.5093818292f;
    private const float Step0 = 14f / 9f;
    private const float Step1 = 7f / 9f;
    private const float Step2 = 2f / 9f;

    private static readonly float[] Linear = [.. Enumerable.Range(0, 256).Select(value => (float)ExactLab.Linear(value / 255.0))];

    public static void ConvertScalar(ReadOnlySpan<byte> rgb, Span<float> luminance, Span<float> ab)
    {
        for (int pixel = 0; pixel < luminance.Length; pixel++)
        {
            float red = Linear[rgb[3 * pixel]];
            float green = Linear[rgb[(3 * pixel) + 1]];
            float blue = Linear[rgb[(3 * pixel) + 2]];
            float fx = Compress(((XRed * red) + (XGreen * green)) + (XBlue * blue));
            float fy = Compress(((YRed * red) + (YGreen * green)) + (YBlue * blue));
            float fz = Compress(((ZRed * red) + (ZGreen * green)) + (ZBlue * blue));
            luminance[pixel] = (LuminanceScale * fy) - LuminanceOffset;
            ab[2 * pixel] = AScale * (fx - fy);
            ab[(2 * pixel) + 1] = BScale * (fy - fz);
        }
    }

    /// <summary>Converts whole blocks; gives the number of pixels done.</summary>
    public static int ConvertWithAvx2(ReadOnlySpan<byte> rgb, Span<float> luminance, Span<float> ab)
    {
        int pixels = luminance.Length / BlockPixels * BlockPixels;
        float* red = stackalloc float[BlockPixels];
        float* green = stackalloc float[BlockPixels];
        float* blue = stackalloc float[BlockPixels];
        fixed (byte* colours = rgb)
        fixed (float* linear = Linear, luminances = luminance, abs = ab)
        {
            for (int first = 0; first < pixels; first += BlockPixels)
            {
                byte* from = colours + (3 * first);
                for (int i = 0; i < BlockPixels; i++)
                {
                    red[i] = linear[from[0]];
                    green[i] = linear[from[1]];
                    blue[i] = linear[from[2]];
                    from += 3;
                }

                for (int i = 0; i < BlockPixels; i += Vector256<float>.Count)
                {
                    ConvertEight(red + i, green + i, blue + i, luminances + first + i, abs + (2 * (first + i)));
                }
            }
        }

        return pixels;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ConvertEight(float* reds, float* greens, float* blues, float* luminance, float* ab)
    {
        Vector256<float> red = Vector256.Load(reds);
        Vector256<float> green = Vector256.Load(greens);
        Vector256<float> blue = Vector256.Load(blues);
        Vector256<float> fx = Compress(((XRed * red) + (XGreen * green)) + (XBlue * blue));
        Vector256<float> fy = Compress(((YRed * red) + (YGreen * green)) + (YBlue * blue));
        Vector256<float> fz = Compress(((ZRed * red) + (ZGreen * green)) + (ZBlue * blue));
        ((LuminanceScale * fy) - Vector256.Create(LuminanceOffset)).Store(luminance);
        Vector256<float> a = AScale * (fx - fy);
        Vector256<float> b = BScale * (fy - fz);
        Vector256<float> low = Avx.UnpackLow(a, b);
        Vector256<float> high = Avx.UnpackHigh(a, b);
        Avx.Permute2x128(low, high, 0x20).Store(ab);
        Avx.Permute2x128(low, high, 0x31).Store(ab + 8);
    }

    private static float Compress(float t)
    {
        if (t <= Threshold)
        {
            return (Slope * t) + Intercept;
        }

        float r = BitConverter.Int32BitsToSingle(Guess - (int)(BitConverter.SingleToInt32Bits(t) * Third));
        float c = t * r * r * r;
        r *= Guess0 - (c * (Guess1 - (Guess2 * c)));
        c = t * r * r * r;
        r *= Step0 - (c * (Step1 - (Step2 * c)));
        return t * r * r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Compress(Vector256<float> t)
    {
        Vector256<float> straight = (Slope * t) + Vector256.Create(Intercept);
        Vector256<float> scaledBits = Vector256.ConvertToSingle(t.AsInt32()) * Third;
        Vector256<float> r = (Vector256.Create(Guess) - Vector256.ConvertToInt32Native(scaledBits)).AsSingle();
        Vector256<float> c = t * r * r * r;
        r *= Vector256.Create(Guess0) - (c * (Vector256.Create(Guess1) - (Guess2 * c)));
        c = t * r * r * r;
        r *= Vector256.Create(Step0) - (c * (Vector256.Create(Step1) - (Step2 * c)));
        return Vector256.ConditionalSelect(Vector256.GreaterThan(t, Vector256.Create(Threshold)), t * r * r, straight);
    }
}
