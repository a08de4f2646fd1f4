using System.Globalization;
using Koalarization.Demo.Scenes;
using SkiaSharp;

namespace Koalarization.Demo;

/// <summary>Paints pictures: landscapes, flowers, fruit, balloons, towns, koalas. The same seed paints the same ones.</summary>
public static class DemoPictures
{
    private const int Quality = 90;

    private static readonly (string Title, Scene Paint)[] Repertoire =
    [
        ("koala", KoalaScene.Paint),
        ("hills", HillsScene.Paint),
        ("balloons", BalloonsScene.Paint),
        ("fruit", FruitScene.Paint),
        ("flowers", FlowersScene.Paint),
        ("town", TownScene.Paint),
        ("sea", SeaScene.Paint),
        ("autumn", AutumnScene.Paint),
        ("reef", ReefScene.Paint),
        ("lights", NorthernLightsScene.Paint),
    ];

    // Landscape and portrait, larger and smaller than the network's input; the small ones are there to be enlarged.
    private static readonly SKSizeI[] Sizes =
    [
        new(640, 480), new(500, 375), new(480, 640), new(720, 480), new(400, 400), new(240, 180), new(533, 800),
        new(800, 450), new(375, 500), new(299, 299), new(900, 600), new(200, 260), new(1024, 683),
    ];

    /// <summary>Paints <paramref name="count"/> pictures; the last one is gray.</summary>
    public static IReadOnlyList<DemoPicture> Render(int count, int seed = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return [.. Enumerable.Range(0, count).Select(index => Render(index, seed, isGray: index == count - 1))];
    }

    private static DemoPicture Render(int index, int seed, bool isGray)
    {
        (string title, Scene paint) = Repertoire[index % Repertoire.Length];
        SKSizeI size = Sizes[index % Sizes.Length];
        var random = new Random((seed * 1009) + index);

        using var bitmap = new SKBitmap(size.Width, size.Height, SKColorType.Rgba8888, SKAlphaType.Premul);
        using (var canvas = new SKCanvas(bitmap))
        {
            paint(new Easel(bitmap, canvas, random, index / Repertoire.Length));
            Film.Expose(canvas, size.Width, size.Height, random);
        }

        byte[] jpeg = isGray ? GrayJpeg(bitmap) : Jpeg(bitmap);
        string name = string.Create(CultureInfo.InvariantCulture, $"{title}-{index:00}");
        return new DemoPicture(name, size.Width, size.Height, isGray, jpeg);
    }

    private static byte[] Jpeg(SKBitmap bitmap)
    {
        using SKData data = bitmap.Encode(SKEncodedImageFormat.Jpeg, Quality);
        return data.ToArray();
    }

    private static byte[] GrayJpeg(SKBitmap bitmap)
    {
        using var gray = new SKBitmap(bitmap.Width, bitmap.Height, SKColorType.Gray8, SKAlphaType.Opaque);
        using (var canvas = new SKCanvas(gray))
        {
            canvas.DrawBitmap(bitmap, 0, 0);
        }

        return Jpeg(gray);
    }
}
