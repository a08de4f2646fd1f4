using SkiaSharp;

namespace Koalarization.Demo.Scenes;

/// <summary>Northern lights over a cabin in the snow.</summary>
internal static class NorthernLightsScene
{
    public static void Paint(Easel easel)
    {
        float ground = easel.Height * 0.74f;
        easel.Wash(0, ground, SKColor.Parse("#0a1238"), SKColor.Parse("#15316b"), SKColor.Parse("#3f7f94"));
        for (int i = 0; i < 170; i++)
        {
            easel.Disc(
                easel.Width * easel.Between(0, 1), ground * easel.Between(0, 0.9f), easel.Between(0.1f, 0.42f) * easel.Unit, SKColors.White.WithAlpha((byte)(90 + easel.Next(160))));
        }

        Curtain(easel, ground, easel.Variant % 2 == 0 ? SKColor.Parse("#4dff9f") : SKColor.Parse("#ff6fb5"), 0.34f);
        Curtain(easel, ground, easel.Variant % 2 == 0 ? SKColor.Parse("#9f6fff") : SKColor.Parse("#5fe0ff"), 0.24f);
        for (int layer = 0; layer < 3; layer++)
        {
            using SKPath ridge = easel.Ridge(ground - ((2 - layer) * 6 * easel.Unit), 4 * easel.Unit, 2);
            SKColor snow = Easel.Mix(SKColor.Parse("#2f5f8a"), SKColor.Parse("#cfe3f2"), 0.35f * layer);
            easel.Fill(ridge, Easel.Mix(snow, SKColor.Parse("#9fffd0"), 0.2f), Easel.Mix(snow, SKColor.Parse("#1f3f70"), 0.5f));
            for (int i = 0; layer < 2 && i < 16; i++)
            {
                Spruce(easel, easel.Width * easel.Between(0, 1), ground - (((2 - layer) * 6) - 5) * easel.Unit, easel.Between(6, 12) * easel.Unit);
            }
        }

        Cabin(easel, easel.Width * easel.Between(0.3f, 0.65f), ground + (14 * easel.Unit), 13 * easel.Unit);
    }

    private static void Curtain(Easel easel, float ground, SKColor colour, float height)
    {
        float phase = easel.Between(0, 6.28f);
        float bend = easel.Between(0.06f, 0.12f) * easel.Height;
        for (float x = 0; x < easel.Width; x += 0.5f * easel.Unit)
        {
            float t = x / easel.Width * 6.28f;
            float foot = (ground * 0.66f) + (MathF.Sin((t * 0.9f) + phase) * bend) + (MathF.Sin((t * 2.3f) + phase) * bend * 0.4f);
            float tall = easel.Height * height * (0.8f + (0.3f * MathF.Sin((t * 7) + phase)) + easel.Between(-0.06f, 0.06f));
            using SKShader shader = SKShader.CreateLinearGradient(
                new SKPoint(0, foot - tall), new SKPoint(0, foot + (3 * easel.Unit)), [colour.WithAlpha(0), colour.WithAlpha(120), colour.WithAlpha(0)], [0, 0.85f, 1], SKShaderTileMode.Clamp);
            using var paint = new SKPaint { Shader = shader, BlendMode = SKBlendMode.Screen, MaskFilter = SKMaskFilter.CreateBlur(SKBlurStyle.Normal, 0.6f * easel.Unit) };
            easel.Canvas.DrawRect(x, foot - tall, 1.2f * easel.Unit, tall + (3 * easel.Unit), paint);
        }
    }

    private static void Spruce(Easel easel, float x, float foot, float tall)
    {
        for (int tier = 0; tier < 4; tier++)
        {
            float low = foot - (tall * 0.22f * tier);
            float wide = tall * (0.26f - (0.05f * tier));
            using var branch = new SKPath();
            branch.MoveTo(x, low - (tall * 0.38f));
            branch.LineTo(x + wide, low);
            branch.LineTo(x - wide, low);
            branch.Close();
            easel.Fill(branch, SKColor.Parse("#dbe9f2"), SKColor.Parse("#12303f"));
        }
    }

    private static void Cabin(Easel easel, float x, float foot, float size)
    {
        easel.Glow(x, foot - (size * 0.3f), size * 2.2f, new SKColor(255, 180, 80, 110));
        using var wall = new SKPaint { IsAntialias = true, Color = SKColor.Parse("#8a3324") };
        easel.Canvas.DrawRect(x - (size * 0.7f), foot - (size * 0.7f), size * 1.4f, size * 0.7f, wall);
        for (int plank = 1; plank < 6; plank++)
        {
            float y = foot - (size * 0.7f * plank / 6);
            easel.Line(x - (size * 0.7f), y, x + (size * 0.7f), y, size * 0.012f, SKColor.Parse("#5c1f18"));
        }

        using var roof = new SKPath();
        roof.MoveTo(x - (size * 0.85f), foot - (size * 0.66f));
        roof.LineTo(x, foot - (size * 1.2f));
        roof.LineTo(x + (size * 0.85f), foot - (size * 0.66f));
        roof.Close();
        easel.Fill(roof, SKColors.White, SKColor.Parse("#b9d3e6"));
        using var lamp = new SKPaint { IsAntialias = true, Color = SKColor.Parse("#ffd774") };
        easel.Canvas.DrawRect(x - (size * 0.5f), foot - (size * 0.52f), size * 0.26f, size * 0.26f, lamp);
        easel.Canvas.DrawRect(x + (size * 0.24f), foot - (size * 0.52f), size * 0.26f, size * 0.26f, lamp);
        using var door = new SKPaint { IsAntialias = true, Color = SKColor.Parse("#3d5f3f") };
        easel.Canvas.DrawRect(x - (size * 0.12f), foot - (size * 0.52f), size * 0.24f, size * 0.52f, door);
    }
}
