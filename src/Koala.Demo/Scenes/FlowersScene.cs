using SkiaSharp;

namespace Koalarization.Demo.Scenes;

/// <summary>Flowers from close by, the garden behind them out of focus.</summary>
internal static class FlowersScene
{
    private static readonly (SKColor Petal, SKColor Heart)[] Kinds =
    [
        (SKColor.Parse("#f7c520"), SKColor.Parse("#5a3414")),
        (SKColor.Parse("#e14a7b"), SKColor.Parse("#f3d34a")),
        (SKColor.Parse("#f6f3ec"), SKColor.Parse("#efb91f")),
        (SKColor.Parse("#7d5bd0"), SKColor.Parse("#f0d060")),
        (SKColor.Parse("#e5442c"), SKColor.Parse("#2e1a1a")),
        (SKColor.Parse("#4f86e0"), SKColor.Parse("#f4e38a")),
    ];

    public static void Paint(Easel easel)
    {
        easel.Wash(0, easel.Height, SKColor.Parse("#a9c98a"), SKColor.Parse("#5f8f4a"), SKColor.Parse("#24482a"));
        Bokeh(easel);
        int count = 7 + easel.Next(4);
        for (int i = 0; i < count; i++)
        {
            float near = (i + 1f) / count;
            float size = (5 + (10 * near)) * easel.Unit;
            float x = easel.Width * ((((i * 0.41f) + 0.13f) % 0.9f) + 0.05f);
            float y = easel.Height * (0.22f + (0.45f * near * easel.Between(0.5f, 1.05f)));
            Stem(easel, x, y, size, (1 - near) * 0.6f * easel.Unit);
            Flower(easel, x, y, size, Kinds[(i + easel.Variant) % (easel.Variant % 2 == 0 ? 3 : Kinds.Length)], (1 - near) * 0.5f * easel.Unit);
        }

        Grass(easel);
    }

    private static void Bokeh(Easel easel)
    {
        for (int i = 0; i < 70; i++)
        {
            SKColor colour = easel.Pick(
                SKColor.Parse("#e6f2b0"), SKColor.Parse("#9fc66a"), SKColor.Parse("#f5d9e4"), SKColor.Parse("#ffe9a0"), SKColor.Parse("#3f6f3a"));
            float radius = easel.Between(3, 11) * easel.Unit;
            easel.Disc(
                easel.Width * easel.Between(0, 1), easel.Height * easel.Between(0, 0.85f), radius, easel.Near(colour).WithAlpha((byte)(35 + easel.Next(60))), radius * 0.18f);
        }
    }

    private static void Stem(Easel easel, float x, float y, float size, float blur)
    {
        using var stem = new SKPath();
        float foot = x + (easel.Between(-1, 1) * size);
        stem.MoveTo(x - (size * 0.05f), y);
        stem.QuadTo(x + (size * 0.3f), (y + easel.Height) / 2, foot, easel.Height);
        stem.LineTo(foot + (size * 0.16f), easel.Height);
        stem.QuadTo(x + (size * 0.42f), (y + easel.Height) / 2, x + (size * 0.06f), y);
        easel.Fill(stem, easel.Near(SKColor.Parse("#4a7f33")), blur);
        float middle = y + (size * easel.Between(1.8f, 2.6f));
        using var leaf = new SKPath();
        int side = easel.Pick(-1, 1);
        leaf.MoveTo(x + (size * 0.15f), middle);
        leaf.QuadTo(x + (side * size), middle - (size * 0.9f), x + (side * size * 1.7f), middle - (size * 0.4f));
        leaf.QuadTo(x + (side * size * 0.9f), middle, x + (size * 0.15f), middle);
        easel.Fill(leaf, easel.Near(SKColor.Parse("#5d9440")), blur);
    }

    private static void Flower(Easel easel, float x, float y, float size, (SKColor Petal, SKColor Heart) kind, float blur)
    {
        int petals = easel.Pick(8, 11, 13);
        float turn = easel.Between(0, 360);
        for (int ring = 0; ring < 2; ring++)
        {
            for (int i = 0; i < petals; i++)
            {
                easel.Canvas.Save();
                easel.Canvas.Translate(x, y);
                easel.Canvas.Scale(1, 0.86f);
                easel.Canvas.RotateDegrees(turn + ((i + (ring * 0.5f)) * 360f / petals));
                Petal(easel, size * (1 - (ring * 0.18f)), size * 2.1f / petals, easel.Near(kind.Petal, 0.5f), blur);
                easel.Canvas.Restore();
            }
        }

        easel.Ball(x, y, size * 0.3f, size * 0.26f, kind.Heart);
        for (int i = 0; i < 40; i++)
        {
            float angle = easel.Between(0, 6.28f);
            float far = size * 0.27f * MathF.Sqrt(easel.Between(0, 1));
            easel.Disc(x + (MathF.Cos(angle) * far), y + (MathF.Sin(angle) * far * 0.86f), size * 0.022f, easel.Near(Easel.Mix(kind.Heart, SKColors.Gold, 0.4f), 2));
        }
    }

    private static void Petal(Easel easel, float length, float width, SKColor colour, float blur)
    {
        using var petal = new SKPath();
        petal.MoveTo(0, 0);
        petal.CubicTo(width * 1.1f, -length * 0.35f, width, -length * 0.95f, 0, -length);
        petal.CubicTo(-width, -length * 0.95f, -width * 1.1f, -length * 0.35f, 0, 0);
        using SKShader shader = SKShader.CreateLinearGradient(
            new SKPoint(0, 0),
            new SKPoint(0, -length),
            [Easel.Mix(colour, new SKColor(70, 10, 40), 0.5f), colour, Easel.Mix(colour, SKColors.White, 0.3f)],
            [0, 0.5f, 1],
            SKShaderTileMode.Clamp);
        using var paint = new SKPaint
        {
            IsAntialias = true,
            Shader = shader,
            MaskFilter = blur > 0.1f ? SKMaskFilter.CreateBlur(SKBlurStyle.Normal, blur) : null,
        };
        easel.Canvas.DrawPath(petal, paint);
        easel.Line(0, -length * 0.25f, 0, -length * 0.85f, width * 0.06f, Easel.Mix(colour, SKColors.Black, 0.2f).WithAlpha(90));
    }

    private static void Grass(Easel easel)
    {
        for (int i = 0; i < 130; i++)
        {
            float x = easel.Width * easel.Between(0, 1);
            float tall = easel.Between(8, 26) * easel.Unit;
            using var blade = new SKPath();
            blade.MoveTo(x - (0.5f * easel.Unit), easel.Height);
            blade.QuadTo(x, easel.Height - (tall * 0.6f), x + (easel.Between(-6, 6) * easel.Unit), easel.Height - tall);
            blade.QuadTo(x + easel.Unit, easel.Height - (tall * 0.5f), x + (0.6f * easel.Unit), easel.Height);
            easel.Fill(blade, easel.Near(SKColor.Parse("#4f8a3a"), 1.5f).WithAlpha(215));
        }
    }
}
