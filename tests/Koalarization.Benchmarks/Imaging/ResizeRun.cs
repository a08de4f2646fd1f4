using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using Koalarization.Imaging.Fitting;
using Koalarization.Imaging.Jpeg;
using Koalarization.Imaging.Pixels;

namespace Koalarization.Benchmarks.Imaging;

/// <summary>Resizes a folder of JPEGs to 299 x 299 on one thread, several times over: the twin of pillow_resize.py.</summary>
/// <remarks>
/// "best" adds up each picture's fastest pass, so that a busy machine does not show in it; "median" is of whole passes.
/// </remarks>
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

        double[][] seconds = [.. Enumerable.Range(0, passes).Select(_ => Pass(resizer, pictures, destination))];
        double best = Enumerable.Range(0, pictures.Length).Sum(picture => seconds.Min(pass => pass[picture]));
        double median = seconds.Select(pass => pass.Sum()).Order().ElementAt(passes / 2);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{JpegCodecs.Default.Name}: {pictures.Length} pictures, {passes} passes, img/s best {pictures.Length / best:F1} median {pictures.Length / median:F1}"));
    }

    // Seconds for each picture.
    private static double[] Pass(PictureResizer resizer, byte[][] pictures, ArrayBufferWriter<byte> destination)
    {
        var seconds = new double[pictures.Length];
        for (int picture = 0; picture < pictures.Length; picture++)
        {
            long start = Stopwatch.GetTimestamp();
            destination.ResetWrittenCount();
            if (!resizer.TryResize(pictures[picture], destination, out _, out PictureRefusal? refusal))
            {
                throw new InvalidOperationException($"A picture {refusal.Detail}.");
            }

            seconds[picture] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        return seconds;
    }
}
