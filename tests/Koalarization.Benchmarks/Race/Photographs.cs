using System.Buffers;
using Koalarization.Imaging.Jpeg;
using Koalarization.Imaging.Pixels;

namespace Koalarization.Benchmarks.Race;

/// <summary>
/// Made-up photographs of 500x375 as ImageNet's are: shapes of all sizes and a sensor's noise, at quality 90 to 95, 100 to 300 KB each. What a decoder costs goes
/// by the coefficients that are not zero, so smooth drawings would flatter it.
/// </summary>
internal static class Photographs
{
    private const int Width = 500;
    private const int Height = 375;

    /// <summary>Writes some into a folder, the same ones each time.</summary>
    public static void Write(string folder, int count)
    {
        Directory.CreateDirectory(folder);
        Parallel.For(0, count, i => File.WriteAllBytes(Path.Combine(folder, $"{i:d6}.jpg"), Make(i)));
    }

    private static byte[] Make(int number)
    {
        var random = new Random(number);
        using Picture picture = Picture.Rent(Width, Height, 3);
        float[] light = Texture(random), red = Texture(random), blue = Texture(random);
        double noise = 16 + (14 * random.NextDouble());
        for (int i = 0; i < Width * Height; i++)
        {
            Span<byte> pixel = picture.Pixels.Slice(3 * i, 3);
            pixel[0] = Byte(light[i] + (0.4 * red[i]) + Gaussian(random, noise));
            pixel[1] = Byte(light[i] + Gaussian(random, noise));
            pixel[2] = Byte(light[i] + (0.4 * blue[i]) + Gaussian(random, noise));
        }

        var jpeg = new ArrayBufferWriter<byte>();
        JpegCodecs.Default.Encode(picture, random.Next(90, 96), jpeg);
        return jpeg.WrittenSpan.ToArray();
    }

    // Natural pictures have as much contrast in each octave.
    private static float[] Texture(Random random)
    {
        var sum = new float[Width * Height];
        for (int step = 256; step >= 4; step /= 2)
        {
            int across = (Width / step) + 2, down = (Height / step) + 2;
            float[] knots = [.. Enumerable.Range(0, across * down).Select(_ => (float)Gaussian(random, 18))];
            for (int y = 0; y < Height; y++)
            {
                float v = (y % step) / (float)step;
                for (int x = 0; x < Width; x++)
                {
                    float u = (x % step) / (float)step;
                    int at = ((y / step) * across) + (x / step);
                    float top = knots[at] + (u * (knots[at + 1] - knots[at]));
                    float bottom = knots[at + across] + (u * (knots[at + across + 1] - knots[at + across]));
                    sum[(y * Width) + x] += top + (v * (bottom - top));
                }
            }
        }

        return sum;
    }

    private static byte Byte(double value) => (byte)Math.Clamp(value + 118, 0, 255);

    private static double Gaussian(Random random, double deviation) =>
        deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
