using SkiaSharp;

namespace Koalarization.Demo;

/// <summary>Paints a scene.</summary>
internal delegate void Scene(Easel easel);

/// <summary>A canvas with what every scene needs: its size, its own randomness, and a few strokes.</summary>
internal sealed class Easel(SKBitmap bitmap, SKCanvas canvas, Random random, int variant)
{
    public SKCanvas Canvas { get; } = canvas;

    public float Width { get; } = bitmap.Width;

    public float Height { get; } = bitmap.Height;

    /// <summary>One hundredth of the shorter side: the measure of things.</summary>
    public float Unit { get; } = MathF.Min(bitmap.Width, bitmap.Height) / 100f;

    /// <summary>Which painting of this scene it is, from 0: times of day and colours change with it.</summary>
    public int Variant { get; } = variant;

    /// <summary>The painting as it is now.</summary>
    public SKImage Snapshot()
    {
        Canvas.Flush();
        return SKImage.FromBitmap(bitmap);
    }

    public int Next(int below) => random.Next(below);

    public float Between(float low, float high) => low + ((high - low) * random.NextSingle());

    public T Pick<T>(params ReadOnlySpan<T> choices) => choices[random.Next(choices.Length)];

    /// <summary>A colour near another one: hue, saturation and brightness a little off.</summary>
    public SKColor Near(SKColor colour, float spread = 1)
    {
        colour.ToHsv(out float hue, out float saturation, out float value);
        return SKColor.FromHsv(
            (hue + Between(-9, 9) * spread + 360) % 360,
            Math.Clamp(saturation + (Between(-9, 9) * spread), 0, 100),
            Math.Clamp(value + (Between(-9, 9) * spread), 0, 100),
            colour.Alpha);
    }

    public static SKColor Mix(SKColor from, SKColor to, float share) => new(
        (byte)(from.Red + ((to.Red - from.Red) * share)),
        (byte)(from.Green + ((to.Green - from.Green) * share)),
        (byte)(from.Blue + ((to.Blue - from.Blue) * share)),
        (byte)(from.Alpha + ((to.Alpha - from.Alpha) * share)));

    /// <summary>Fills a rectangle over the whole width, from colour to colour downwards.</summary>
    public void Wash(float top, float bottom, params SKColor[] colours)
    {
        using SKShader shader = SKShader.CreateLinearGradient(new SKPoint(0, top), new SKPoint(0, bottom), colours, SKShaderTileMode.Clamp);
        using var paint = new SKPaint { Shader = shader };
        Canvas.DrawRect(0, top, Width, bottom - top, paint);
    }

    public void Fill(SKPath path, SKColor colour, float blur = 0)
    {
        using SKPaint paint = Brush(colour, blur);
        Canvas.DrawPath(path, paint);
    }

    /// <summary>Fills a path from colour to colour downwards.</summary>
    public void Fill(SKPath path, SKColor top, SKColor bottom)
    {
        SKRect bounds = path.Bounds;
        using SKShader shader = SKShader.CreateLinearGradient(
            new SKPoint(0, bounds.Top), new SKPoint(0, bounds.Bottom), [top, bottom], SKShaderTileMode.Clamp);
        using var paint = new SKPaint { IsAntialias = true, Shader = shader };
        Canvas.DrawPath(path, paint);
    }

    public void Disc(float x, float y, float radius, SKColor colour, float blur = 0) => Oval(x, y, radius, radius, colour, blur);

    public void Oval(float x, float y, float radiusX, float radiusY, SKColor colour, float blur = 0)
    {
        using SKPaint paint = Brush(colour, blur);
        Canvas.DrawOval(x, y, radiusX, radiusY, paint);
    }

    /// <summary>An oval lit from the upper left: light, the colour itself, and its shade.</summary>
    public void Ball(float x, float y, float radiusX, float radiusY, SKColor colour)
    {
        SKColor[] colours = [Mix(colour, SKColors.White, 0.55f), colour, Mix(colour, new SKColor(40, 15, 50), 0.55f)];
        using SKShader shader = SKShader.CreateRadialGradient(
            new SKPoint(x - (radiusX * 0.35f), y - (radiusY * 0.4f)), radiusX * 1.45f, colours, [0, 0.45f, 1], SKShaderTileMode.Clamp);
        using var paint = new SKPaint { IsAntialias = true, Shader = shader };
        Canvas.DrawOval(x, y, radiusX, radiusY, paint);
    }

    public void Line(float x0, float y0, float x1, float y1, float thickness, SKColor colour, float blur = 0)
    {
        using SKPaint paint = Brush(colour, blur);
        paint.IsStroke = true;
        paint.StrokeWidth = thickness;
        paint.StrokeCap = SKStrokeCap.Round;
        Canvas.DrawLine(x0, y0, x1, y1, paint);
    }

    /// <summary>A light with a glow around it.</summary>
    public void Glow(float x, float y, float radius, SKColor colour)
    {
        using SKShader shader = SKShader.CreateRadialGradient(
            new SKPoint(x, y), radius, [colour, colour.WithAlpha((byte)(colour.Alpha / 3)), colour.WithAlpha(0)], [0, 0.3f, 1], SKShaderTileMode.Clamp);
        using var paint = new SKPaint { Shader = shader };
        Canvas.DrawRect(x - radius, y - radius, radius * 2, radius * 2, paint);
    }

    /// <summary>Cloudy structure over a rectangle: lets meadows, walls and water look like themselves.</summary>
    public void Texture(SKRect area, SKColor colour, float frequencyX, float frequencyY, SKBlendMode mode = SKBlendMode.SrcOver)
    {
        using SKShader noise = SKShader.CreatePerlinNoiseFractalNoise(frequencyX / Unit, frequencyY / Unit, 4, random.Next(1000));
        using SKColorFilter tint = SKColorFilter.CreateColorMatrix(
        [
            0, 0, 0, 0, colour.Red / 255f,
            0, 0, 0, 0, colour.Green / 255f,
            0, 0, 0, 0, colour.Blue / 255f,
            2.6f * colour.Alpha / 255f, 0, 0, 0, -1.05f * colour.Alpha / 255f,
        ]);
        using var paint = new SKPaint { Shader = noise, ColorFilter = tint, BlendMode = mode };
        Canvas.DrawRect(area, paint);
    }

    /// <summary>A rolling line across the picture, closed along its bottom edge.</summary>
    public SKPath Ridge(float height, float roughness, int waves)
    {
        float[] phases = [Between(0, 6.28f), Between(0, 6.28f), Between(0, 6.28f), Between(0, 6.28f)];
        var path = new SKPath();
        path.MoveTo(0, Height);
        for (float x = 0; x <= Width + 2; x += 2)
        {
            float t = x / Width * 6.28f * waves;
            float wave = MathF.Sin((t * 0.5f) + phases[0]) + (0.5f * MathF.Sin((t * 1.1f) + phases[1]))
                + (0.22f * MathF.Sin((t * 2.7f) + phases[2])) + (0.1f * MathF.Sin((t * 6.1f) + phases[3]));
            path.LineTo(x, height - (wave * roughness));
        }

        path.LineTo(Width + 2, Height);
        path.Close();
        return path;
    }

    private static SKPaint Brush(SKColor colour, float blur) => new()
    {
        IsAntialias = true,
        Color = colour,
        MaskFilter = blur > 0 ? SKMaskFilter.CreateBlur(SKBlurStyle.Normal, blur) : null,
    };
}
