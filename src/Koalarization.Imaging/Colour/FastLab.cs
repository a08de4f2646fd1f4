using System.Runtime.CompilerServices;
using Koalarization.Imaging.Colour.Lanes;

namespace Koalarization.Imaging.Colour;

/// <summary>The record's Lab in float32, the same bits for any number of lanes. Bound by the 256-entry table in front and by three cube roots a pixel behind it.</summary>
internal static unsafe class FastLab
{
    private const int BlockPixels = 256;

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

    // First guess of t^(-1/3) from the bits of t, good to 4 %; the polynomial in c = t r^3 brings it to 0.2 %, the third-order step to
    // float32's precision. (Moroz et al., "Fast calculation of cube root and inverse cube root", 2021.)
    private const int Guess = 0x548c2b4b;
    private const float Guess0 = 1.752319676f;
    private const float Guess1 = -1.2509524245f;
    private const float Guess2 = 0.5093818292f;
    private const float Step0 = 14f / 9f;
    private const float Step1 = -7f / 9f;
    private const float Step2 = 2f / 9f;

    private static readonly float[] Linear = [.. Enumerable.Range(0, 256).Select(value => (float)ExactLab.Linear(value / 255.0))];

    /// <summary>Converts whole blocks of pixels, with one lane all of them; gives the number of pixels done.</summary>
    /// <param name="rgb">Three bytes a pixel.</param>
    /// <param name="luminance">One float a pixel, as many pixels.</param>
    /// <param name="ab">Two floats a pixel.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Convert<T>(ReadOnlySpan<byte> rgb, Span<float> luminance, Span<float> ab)
        where T : struct, IFloatLanes<T>
    {
        int block = T.Count == 1 ? 1 : BlockPixels;
        int pixels = luminance.Length / block * block;
        float* red = stackalloc float[BlockPixels];
        float* green = stackalloc float[BlockPixels];
        float* blue = stackalloc float[BlockPixels];
        fixed (byte* colours = rgb)
        fixed (float* linear = Linear, luminances = luminance, abs = ab)
        {
            for (int first = 0; first < pixels; first += block)
            {
                Linearise(colours + (3 * first), block, linear, red, green, blue);
                for (int i = 0; i < block; i += T.Count)
                {
                    ConvertLanes(T.Load(red + i), T.Load(green + i), T.Load(blue + i), luminances + first + i, abs + (2 * (first + i)));
                }
            }
        }

        return pixels;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Linearise(byte* rgb, int pixels, float* linear, float* red, float* green, float* blue)
    {
        int i = 0;

        // By fours: the loop's own instructions would be a third of it.
        for (; i + 4 <= pixels; i += 4, rgb += 12)
        {
            (red[i], green[i], blue[i]) = (linear[rgb[0]], linear[rgb[1]], linear[rgb[2]]);
            (red[i + 1], green[i + 1], blue[i + 1]) = (linear[rgb[3]], linear[rgb[4]], linear[rgb[5]]);
            (red[i + 2], green[i + 2], blue[i + 2]) = (linear[rgb[6]], linear[rgb[7]], linear[rgb[8]]);
            (red[i + 3], green[i + 3], blue[i + 3]) = (linear[rgb[9]], linear[rgb[10]], linear[rgb[11]]);
        }

        for (; i < pixels; i++, rgb += 3)
        {
            (red[i], green[i], blue[i]) = (linear[rgb[0]], linear[rgb[1]], linear[rgb[2]]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ConvertLanes<T>(T red, T green, T blue, float* luminance, float* ab)
        where T : struct, IFloatLanes<T>
    {
        T fx = Compress(Dot(red, XRed, green, XGreen, blue, XBlue));
        T fy = Compress(Dot(red, YRed, green, YGreen, blue, YBlue));
        T fz = Compress(Dot(red, ZRed, green, ZGreen, blue, ZBlue));
        T.Store(T.MultiplyAdd(T.All(LuminanceScale), fy, T.All(-LuminanceOffset)), luminance);
        T.StoreInterleaved(T.All(AScale) * (fx - fy), T.All(BScale) * (fy - fz), ab);
    }

    // The cube root of t, a straight line near 0.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Compress<T>(T t)
        where T : struct, IFloatLanes<T>
    {
        T r = T.MinusThirdOfBits(Guess, t);
        r *= Polynomial(t * r * (r * r), Guess2, Guess1, Guess0);
        r *= Polynomial(t * r * (r * r), Step2, Step1, Step0);
        return T.WhereGreater(t, T.All(Threshold), t * r * r, T.MultiplyAdd(T.All(Slope), t, T.All(Intercept)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Dot<T>(T red, float redWeight, T green, float greenWeight, T blue, float blueWeight)
        where T : struct, IFloatLanes<T> =>
        T.MultiplyAdd(T.All(blueWeight), blue, T.MultiplyAdd(T.All(greenWeight), green, T.All(redWeight) * red));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Polynomial<T>(T x, float square, float linear, float constant)
        where T : struct, IFloatLanes<T> =>
        T.MultiplyAdd(T.MultiplyAdd(T.All(square), x, T.All(linear)), x, T.All(constant));
}
