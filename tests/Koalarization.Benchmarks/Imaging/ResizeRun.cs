using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using Koalarization.Imaging;

namespace Koalarization.Benchmarks.Imaging;

/// <summary>Resizes a folder of JPEGs to 299 x 299 on one thread, several times over, and tells pictures a second: the twin of pillow_resize.py.</summary>
internal static class ResizeRun
{
    public static void Run(string folder, int passes)
    {
        byte[][] pictures = [.. Directory.EnumerateFiles(folder, "*.jp*g").Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
        var resizer = new PictureResizer(JpegCodecs.Default, PictureSize.Default);
        var destination = new ArrayBufferWriter<byte>(1 << 20);
        for (int warmUp = 0; warmUp < 3; warmUp++)
        {
            Pass(resizer, pictures, destination);
        }

        double[] seconds = [.. Enumerable.Range(0, passes).Select(_ => Pass(resizer, pictures, destination)).Order()];
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{JpegCodecs.Default.Name}: {pictures.Length} pictures, {passes} passes, img/s best {pictures.Length / seconds[0]:F1} median {pictures.Length / seconds[passes / 2]:F1}"));
    }

    private static double Pass(PictureResizer resizer, byte[][] pictures, ArrayBufferWriter<byte> destination)
    {
        long start = Stopwatch.GetTimestamp();
        foreach (byte[] jpeg in pictures)
        {
            destination.ResetWrittenCount();
            if (!resizer.TryResize(jpeg, destination, out _, out PictureRefusal? refusal))
            {
                throw new InvalidOperationException($"A picture {refusal.Detail}.");
            }
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
