using SkiaSharp;

namespace Koalarization.Demo.Scenes;

/// <summary>A koala in a eucalyptus tree.</summary>
internal static class KoalaScene
{
    private static readonly SKColor Fur = SKColor.Parse("#8d8a8f");
    private static readonly SKColor Chest = SKColor.Parse("#e9e2da");
    private static readonly SKColor Bark = SKColor.Parse("#a58468");

    public static void Paint(Easel easel)
    {
        Sky sky = Skies.ForVariant(easel.Variant + 1);
        easel.Wash(0, easel.Height, sky.Colours[0], sky.Colours[1], Easel.Mix(SKColor.Parse("#7f9f5f"), sky.Haze, 0.3f), SKColor.Parse("#4f6f3a"));
        for (int i = 0; i < 60; i++)
        {
            SKColor colour = easel.Pick(SKColor.Parse("#a8c686"), SKColor.Parse("#d9e4a0"), SKColor.Parse("#6f9a5f"), sky.Sun);
            float radius = easel.Between(4, 12) * easel.Unit;
            easel.Disc(easel.Width * easel.Between(0, 1), easel.Height * easel.Between(0, 1), radius, easel.Near(colour).WithAlpha((byte)(40 + easel.Next(50))), radius * 0.2f);
        }

        float x = easel.Width * easel.Between(0.44f, 0.52f);
        float size = 21 * easel.Unit;
        float y = easel.Height * 0.56f;
        Branch(easel, x + (size * 0.95f), y + (size * 1.36f), x - (size * 5), y + (size * 1.7f), size * 0.3f);
        Branch(easel, x + (size * 0.95f), y - (size * 1.5f), x - (size * 4), y - (size * 2.6f), size * 0.15f);
        Trunk(easel, x + (size * 0.95f), size);
        Leaves(easel, 16, 0.55f);
        Body(easel, x, y, size);
        Head(easel, x - (size * 0.1f), y - (size * 0.95f), size);
        Leaves(easel, 9, 1);
    }

    private static void Trunk(Easel easel, float x, float size)
    {
        using var trunk = new SKPath();
        trunk.MoveTo(x - (size * 0.35f), 0);
        trunk.QuadTo(x - (size * 0.2f), easel.Height * 0.5f, x - (size * 0.5f), easel.Height);
        trunk.LineTo(x + (size * 0.55f), easel.Height);
        trunk.QuadTo(x + (size * 0.35f), easel.Height * 0.5f, x + (size * 0.3f), 0);
        trunk.Close();
        using SKShader shader = SKShader.CreateLinearGradient(
            new SKPoint(x - (size * 0.5f), 0),
            new SKPoint(x + (size * 0.55f), 0),
            [Easel.Mix(Bark, SKColors.White, 0.45f), Bark, Easel.Mix(Bark, SKColors.Black, 0.5f)],
            SKShaderTileMode.Clamp);
        using var paint = new SKPaint { IsAntialias = true, Shader = shader };
        easel.Canvas.DrawPath(trunk, paint);
        easel.Canvas.Save();
        easel.Canvas.ClipPath(trunk, SKClipOperation.Intersect, antialias: true);
        easel.Texture(new SKRect(x - size, 0, x + size, easel.Height), new SKColor(70, 40, 25, 130), 0.18f, 0.02f);
        easel.Canvas.Restore();
    }

    private static void Branch(Easel easel, float x, float y, float endX, float endY, float thick)
    {
        using var branch = new SKPath();
        branch.MoveTo(x, y - (thick * 0.5f));
        branch.QuadTo((x + endX) / 2, y - (thick * 0.9f), endX, endY);
        branch.QuadTo((x + endX) / 2, y + (thick * 0.1f), x, y + (thick * 0.7f));
        branch.Close();
        easel.Fill(branch, Easel.Mix(Bark, SKColors.White, 0.25f), Easel.Mix(Bark, SKColors.Black, 0.45f));
    }

    private static void Body(Easel easel, float x, float y, float size)
    {
        SKColor shade = Easel.Mix(Fur, new SKColor(35, 25, 45), 0.35f);
        Furry(easel, x + (size * 0.05f), y + (size * 0.25f), size * 0.72f, size * 0.95f, Fur);
        Furry(easel, x - (size * 0.12f), y + (size * 0.2f), size * 0.4f, size * 0.6f, Chest);

        // Legs and arms hold on to the trunk.
        Furry(easel, x - (size * 0.3f), y + (size * 1.05f), size * 0.36f, size * 0.27f, shade);
        Furry(easel, x + (size * 0.5f), y + (size * 1.0f), size * 0.4f, size * 0.27f, Fur);
        Furry(easel, x + (size * 0.55f), y - (size * 0.1f), size * 0.45f, size * 0.2f, Fur);
        Furry(easel, x + (size * 0.3f), y + (size * 0.4f), size * 0.5f, size * 0.19f, shade);
        foreach ((float claw, float up) in (ReadOnlySpan<(float, float)>)[(0.98f, -0.1f), (0.78f, 0.4f), (0.88f, 1.0f)])
        {
            for (int i = -1; i <= 1; i++)
            {
                easel.Line(x + (size * claw), y + (size * (up + (i * 0.09f))), x + (size * (claw + 0.12f)), y + (size * (up + 0.03f + (i * 0.09f))), size * 0.05f, SKColor.Parse("#2b2326"));
            }
        }
    }

    private static void Head(Easel easel, float x, float y, float size)
    {
        foreach (int side in (ReadOnlySpan<int>)[-1, 1])
        {
            Furry(easel, x + (side * size * 0.68f), y - (size * 0.38f), size * 0.38f, size * 0.36f, Fur);
            Furry(easel, x + (side * size * 0.68f), y - (size * 0.33f), size * 0.2f, size * 0.2f, SKColor.Parse("#e8c3bd"));
        }

        Furry(easel, x, y, size * 0.68f, size * 0.58f, Easel.Mix(Fur, SKColors.White, 0.08f));
        Furry(easel, x, y + (size * 0.4f), size * 0.34f, size * 0.16f, Chest);
        foreach (int side in (ReadOnlySpan<int>)[-1, 1])
        {
            float eye = x + (side * size * 0.3f);
            easel.Disc(eye, y - (size * 0.1f), size * 0.1f, SKColor.Parse("#6b4a2e"));
            easel.Disc(eye, y - (size * 0.1f), size * 0.075f, SKColor.Parse("#17100d"));
            easel.Disc(eye - (size * 0.03f), y - (size * 0.135f), size * 0.026f, SKColors.White);
        }

        using var nose = new SKPath();
        nose.AddRoundRect(new SKRect(x - (size * 0.15f), y - (size * 0.12f), x + (size * 0.15f), y + (size * 0.32f)), size * 0.15f, size * 0.2f);
        easel.Fill(nose, SKColor.Parse("#4a4044"), SKColor.Parse("#1c1518"));
        easel.Oval(x - (size * 0.05f), y, size * 0.035f, size * 0.1f, new SKColor(255, 255, 255, 70), size * 0.03f);
        using var mouth = new SKPath();
        mouth.MoveTo(x - (size * 0.16f), y + (size * 0.42f));
        mouth.QuadTo(x, y + (size * 0.52f), x + (size * 0.16f), y + (size * 0.42f));
        using var line = new SKPaint { IsAntialias = true, IsStroke = true, StrokeWidth = size * 0.03f, Color = SKColor.Parse("#4a3a3a") };
        easel.Canvas.DrawPath(mouth, line);
    }

    /// <summary>A ball with hairs: short strokes outwards, lighter above and darker below.</summary>
    private static void Furry(Easel easel, float x, float y, float radiusX, float radiusY, SKColor colour)
    {
        easel.Ball(x, y, radiusX, radiusY, colour);
        int hairs = (int)(220 * MathF.Sqrt(radiusX * radiusY) / (10 * easel.Unit));
        for (int i = 0; i < hairs; i++)
        {
            float angle = easel.Between(0, 6.28f);
            float far = MathF.Sqrt(easel.Between(0.25f, 1));
            float startX = x + (MathF.Cos(angle) * radiusX * far);
            float startY = y + (MathF.Sin(angle) * radiusY * far);
            float length = easel.Between(0.06f, 0.14f) * MathF.Min(radiusX, radiusY);
            float light = 0.5f - (0.45f * MathF.Sin(angle) * far) - (0.2f * MathF.Cos(angle) * far);
            SKColor hair = light > 0.5f ? Easel.Mix(colour, SKColors.White, (light - 0.5f) * 0.9f) : Easel.Mix(colour, new SKColor(40, 28, 45), (0.5f - light) * 1.1f);
            easel.Line(startX, startY, startX + (MathF.Cos(angle) * length), startY + (MathF.Sin(angle) * length), 0.35f * easel.Unit, hair.WithAlpha(150));
        }
    }

    private static void Leaves(Easel easel, int sprigs, float near)
    {
        for (int i = 0; i < sprigs; i++)
        {
            bool isLeft = i % 2 == 0;
            float x = easel.Width * (isLeft ? easel.Between(-0.02f, 0.24f) : easel.Between(0.8f, 1.04f));
            float y = easel.Height * easel.Between(-0.05f, 0.8f);
            for (int leaf = 0; leaf < 6; leaf++)
            {
                easel.Canvas.Save();
                easel.Canvas.Translate(x + (easel.Between(-4, 4) * easel.Unit), y + (leaf * 2.4f * easel.Unit));
                easel.Canvas.RotateDegrees(easel.Between(35, 145));
                SKColor colour = Easel.Mix(SKColor.Parse("#a8c08a"), easel.Near(SKColor.Parse("#5f8f5a")), near);
                using var shape = new SKPath();
                float length = easel.Between(12, 18) * easel.Unit;
                shape.MoveTo(0, 0);
                shape.QuadTo(length * 0.4f, length * 0.22f, length, 0);
                shape.QuadTo(length * 0.45f, -length * 0.06f, 0, 0);
                easel.Fill(shape, Easel.Mix(colour, SKColors.White, 0.25f), Easel.Mix(colour, SKColors.Black, 0.25f));
                easel.Line(0, 0, length * 0.95f, length * 0.01f, 0.2f * easel.Unit, Easel.Mix(colour, SKColors.White, 0.45f).WithAlpha(160));
                easel.Canvas.Restore();
            }
        }
    }
}
