using SkiaSharp;

namespace Koalarization.Demo.Scenes;

/// <summary>Striped hot-air balloons over a misty country.</summary>
internal static class BalloonsScene
{
    private static readonly SKColor[][] Cloths =
    [
        [SKColor.Parse("#d7263d"), SKColor.Parse("#f5f0e6"), SKColor.Parse("#1b4f9c")],
        [SKColor.Parse("#f4b41a"), SKColor.Parse("#e2711d"), SKColor.Parse("#8f2d56")],
        [SKColor.Parse("#2a9d8f"), SKColor.Parse("#e9c46a"), SKColor.Parse("#264653")],
        [SKColor.Parse("#7b2cbf"), SKColor.Parse("#ff8fab"), SKColor.Parse("#fff1c1")],
        [SKColor.Parse("#2b9348"), SKColor.Parse("#f6f740"), SKColor.Parse("#d62828")],
    ];

    public static void Paint(Easel easel)
    {
        Sky sky = Skies.ForVariant(easel.Variant + 2);
        float horizon = easel.Height * 0.78f;
        Skies.Paint(easel, sky, horizon + (8 * easel.Unit));
        for (int layer = 0; layer < 4; layer++)
        {
            float depth = (layer + 1) / 4f;
            using SKPath ridge = easel.Ridge(horizon + (layer * 5.5f * easel.Unit), 4 * easel.Unit, 2);
            SKColor colour = Easel.Mix(sky.Haze, easel.Near(SKColor.Parse("#5c7f43")), 0.3f + (0.7f * depth));
            easel.Fill(ridge, Easel.Mix(colour, sky.Sun, 0.2f), Easel.Mix(colour, SKColors.Black, 0.3f));
        }

        int balloons = 5 + easel.Next(3);
        for (int i = 0; i < balloons; i++)
        {
            float near = (i + 1f) / balloons;
            float size = (4 + (13 * near * near)) * easel.Unit;
            float x = easel.Width * ((((i * 0.37f) + 0.17f + easel.Between(-0.05f, 0.05f)) % 0.84f) + 0.08f);
            float y = easel.Height * easel.Between(0.18f, 0.52f);
            Balloon(easel, x, y, size, Cloths[(i + easel.Variant) % Cloths.Length], Easel.Mix(sky.Haze, SKColors.Transparent, near));
        }
    }

    private static void Balloon(Easel easel, float x, float y, float size, SKColor[] cloth, SKColor haze)
    {
        float basket = y + (size * 1.75f);
        foreach (int side in (ReadOnlySpan<int>)[-1, 1])
        {
            easel.Line(x + (side * size * 0.3f), y + (size * 0.95f), x + (side * size * 0.13f), basket, size * 0.02f, SKColor.Parse("#3a2a20"));
        }

        easel.Canvas.DrawRoundRect(
            x - (size * 0.16f), basket, size * 0.32f, size * 0.24f, size * 0.05f, size * 0.05f, new SKPaint { IsAntialias = true, Color = SKColor.Parse("#7a4a22") });

        using SKPath envelope = Gore(x, y, size, -1, 1);
        easel.Canvas.Save();
        easel.Canvas.ClipPath(envelope, SKClipOperation.Intersect, antialias: true);
        const int Gores = 11;
        for (int gore = 0; gore < Gores; gore++)
        {
            // Gores are meridians of a globe: narrow at its rim.
            float left = -MathF.Cos(MathF.PI * gore / Gores);
            float right = -MathF.Cos(MathF.PI * (gore + 1) / Gores);
            using SKPath stripe = Gore(x, y, size, left, right);
            easel.Fill(stripe, cloth[gore % cloth.Length]);
        }

        using SKShader light = SKShader.CreateRadialGradient(
            new SKPoint(x - (size * 0.35f), y - (size * 0.4f)),
            size * 1.7f,
            [new SKColor(255, 250, 225, 120), new SKColor(255, 255, 255, 0), new SKColor(25, 5, 45, 150)],
            [0, 0.4f, 1],
            SKShaderTileMode.Clamp);
        using var glaze = new SKPaint { Shader = light };
        easel.Canvas.DrawPaint(glaze);
        easel.Canvas.DrawColor(haze.WithAlpha((byte)(haze.Alpha / 2)), SKBlendMode.SrcOver);
        easel.Canvas.Restore();
    }

    /// <summary>The cloth between two meridians; -1 and 1 are the rims.</summary>
    private static SKPath Gore(float x, float y, float size, float left, float right)
    {
        var path = new SKPath();
        float low = y + (size * 1.12f);
        path.MoveTo(x, y - size);
        path.CubicTo(x + (size * 1.3f * right), y - size, x + (size * 1.15f * right), y + (size * 0.35f), x + (size * 0.28f * right), low);
        path.LineTo(x + (size * 0.28f * left), low);
        path.CubicTo(x + (size * 1.15f * left), y + (size * 0.35f), x + (size * 1.3f * left), y - size, x, y - size);
        path.Close();
        return path;
    }
}
