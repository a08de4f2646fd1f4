using SkiaSharp;

namespace Koalarization.Demo.Scenes;

/// <summary>A still life: fruit in and around a bowl on a table, light from the left.</summary>
internal static class FruitScene
{
    private static readonly SKColor[] Walls = [SKColor.Parse("#6f7f6a"), SKColor.Parse("#3f4f63"), SKColor.Parse("#8a6a4f"), SKColor.Parse("#5d4a5f")];
    private static readonly SKColor[] Bowls = [SKColor.Parse("#3f6f9f"), SKColor.Parse("#e8e0d0"), SKColor.Parse("#3f7f6f"), SKColor.Parse("#b0563f")];
    private static readonly SKColor Leaf = SKColor.Parse("#4f8a34");

    public static void Paint(Easel easel)
    {
        SKColor wall = Walls[easel.Variant % Walls.Length];
        float table = easel.Height * 0.6f;
        easel.Wash(0, table, Easel.Mix(wall, SKColors.White, 0.2f), wall, Easel.Mix(wall, SKColors.Black, 0.35f));
        easel.Glow(easel.Width * 0.15f, easel.Height * 0.1f, easel.Width * 0.7f, new SKColor(255, 236, 200, 110));
        easel.Texture(new SKRect(0, 0, easel.Width, table), new SKColor(20, 15, 10, 60), 0.03f, 0.03f);

        SKColor wood = easel.Near(SKColor.Parse("#a9713f"));
        easel.Wash(table, easel.Height, Easel.Mix(wood, SKColors.Black, 0.25f), wood, Easel.Mix(wood, SKColors.White, 0.12f));
        easel.Texture(new SKRect(0, table, easel.Width, easel.Height), new SKColor(60, 30, 10, 110), 0.008f, 0.3f);

        float x = easel.Width / 2;
        float bowl = MathF.Min(easel.Width * 0.3f, 34 * easel.Unit);
        float rim = table + (2 * easel.Unit);
        Pile(easel, x, rim, bowl);
        Bowl(easel, x, rim, bowl, Bowls[easel.Variant % Bowls.Length]);
        float front = table + ((easel.Height - table) * 0.62f);
        for (int i = 0; i < 5; i++)
        {
            float place = easel.Width * (0.12f + (0.19f * i)) + (easel.Between(-3, 3) * easel.Unit);
            Fruit(easel, place, front + (easel.Between(-1, 4) * easel.Unit), easel.Between(7.5f, 9.5f) * easel.Unit, (i * 3) + easel.Variant);
        }
    }

    private static void Pile(Easel easel, float x, float rim, float bowl)
    {
        float size = bowl * 0.3f;
        (float X, float Y)[] places = [(-0.3f, -0.75f), (0.32f, -0.7f), (0f, -1.05f), (-0.62f, -0.25f), (0.62f, -0.25f), (-0.05f, -0.35f)];
        for (int i = 0; i < places.Length; i++)
        {
            Fruit(easel, x + (places[i].X * bowl), rim + (places[i].Y * size * 1.4f) + (size * 0.5f), size, i + easel.Variant, shadow: false);
        }
    }

    private static void Bowl(Easel easel, float x, float rim, float half, SKColor colour)
    {
        easel.Oval(x + (half * 0.15f), rim + (half * 0.78f), half * 0.95f, half * 0.14f, new SKColor(30, 12, 5, 150), half * 0.07f);
        using var body = new SKPath();
        body.MoveTo(x - half, rim);
        body.CubicTo(x - (half * 0.9f), rim + (half * 0.6f), x - (half * 0.5f), rim + (half * 0.78f), x, rim + (half * 0.78f));
        body.CubicTo(x + (half * 0.5f), rim + (half * 0.78f), x + (half * 0.9f), rim + (half * 0.6f), x + half, rim);
        body.QuadTo(x, rim + (half * 0.2f), x - half, rim);
        body.Close();
        using SKShader shader = SKShader.CreateLinearGradient(
            new SKPoint(x - half, rim),
            new SKPoint(x + half, rim + half),
            [Easel.Mix(colour, SKColors.White, 0.5f), colour, Easel.Mix(colour, SKColors.Black, 0.6f)],
            SKShaderTileMode.Clamp);
        using var paint = new SKPaint { IsAntialias = true, Shader = shader };
        easel.Canvas.DrawPath(body, paint);
        easel.Oval(x - (half * 0.55f), rim + (half * 0.3f), half * 0.07f, half * 0.16f, new SKColor(255, 255, 255, 110), half * 0.04f);
    }

    private static void Fruit(Easel easel, float x, float y, float size, int kind, bool shadow = true)
    {
        if (shadow)
        {
            easel.Oval(x + (size * 0.35f), y + (size * 0.85f), size * 1.05f, size * 0.25f, new SKColor(40, 15, 5, 150), size * 0.14f);
        }

        switch (kind % 6)
        {
            case 0:
                Apple(easel, x, y, size, easel.Near(SKColor.Parse("#c9252d")));
                break;
            case 1:
                easel.Ball(x, y, size, size * 0.97f, easel.Near(SKColor.Parse("#f08a1d"), 0.5f));
                easel.Disc(x + (size * 0.1f), y - (size * 0.8f), size * 0.07f, SKColor.Parse("#5f6f2a"));
                break;
            case 2:
                easel.Ball(x, y + (size * 0.15f), size * 1.15f, size * 0.8f, easel.Near(SKColor.Parse("#f5d327"), 0.5f));
                break;
            case 3:
                Grapes(easel, x, y, size);
                break;
            case 4:
                Apple(easel, x, y, size, easel.Near(SKColor.Parse("#8fb53a")));
                break;
            default:
                easel.Ball(x, y + (size * 0.1f), size * 0.9f, size * 0.85f, easel.Near(SKColor.Parse("#7a2f6b")));
                break;
        }

        easel.Oval(x - (size * 0.38f), y - (size * 0.42f), size * 0.16f, size * 0.1f, new SKColor(255, 255, 255, 150), size * 0.06f);
    }

    private static void Apple(Easel easel, float x, float y, float size, SKColor colour)
    {
        easel.Ball(x, y, size, size * 0.94f, colour);
        easel.Oval(x, y - (size * 0.75f), size * 0.3f, size * 0.1f, new SKColor(60, 30, 10, 130), size * 0.08f);
        easel.Line(x, y - (size * 0.72f), x + (size * 0.12f), y - (size * 1.2f), size * 0.08f, SKColor.Parse("#4d3319"));
        using var leaf = new SKPath();
        leaf.MoveTo(x + (size * 0.08f), y - size);
        leaf.QuadTo(x + (size * 0.4f), y - (size * 1.5f), x + (size * 0.8f), y - (size * 1.15f));
        leaf.QuadTo(x + (size * 0.45f), y - (size * 0.9f), x + (size * 0.08f), y - size);
        easel.Fill(leaf, Easel.Mix(Leaf, SKColors.White, 0.25f), Leaf);
    }

    private static void Grapes(Easel easel, float x, float y, float size)
    {
        SKColor colour = easel.Pick(SKColor.Parse("#5b2a6e"), SKColor.Parse("#9bbf4a"));
        for (int row = 0; row < 4; row++)
        {
            for (int i = 0; i <= 3 - row; i++)
            {
                float place = i - ((3 - row) / 2f);
                easel.Ball(x + (place * size * 0.52f), y - (size * 0.4f) + (row * size * 0.4f), size * 0.3f, size * 0.3f, easel.Near(colour, 0.6f));
            }
        }
    }
}
