using SkiaSharp;

namespace Koalarization.Demo.Scenes;

/// <summary>A beach, the sea with its waves, and sailing boats.</summary>
internal static class SeaScene
{
    public static void Paint(Easel easel)
    {
        Sky sky = Skies.ForVariant(easel.Variant + 1);
        float horizon = easel.Height * 0.42f;
        float shore = easel.Height * 0.78f;
        Skies.Paint(easel, sky, horizon);
        SKColor far = Easel.Mix(SKColor.Parse("#1d5f8f"), sky.Colours[1], 0.35f);
        SKColor near = Easel.Mix(SKColor.Parse("#2fb5b0"), sky.Haze, 0.15f);
        easel.Wash(horizon, shore + (6 * easel.Unit), far, Easel.Mix(far, near, 0.5f), near);
        easel.Texture(new SKRect(0, horizon, easel.Width, shore), new SKColor(255, 255, 255, 60), 0.02f, 0.3f);

        using (SKPath island = easel.Ridge(horizon - (1.5f * easel.Unit), 3 * easel.Unit, 1))
        {
            easel.Canvas.Save();
            easel.Canvas.ClipRect(new SKRect(easel.Width * 0.55f, 0, easel.Width, horizon + 1));
            easel.Fill(island, Easel.Mix(SKColor.Parse("#4d6b55"), sky.Haze, 0.5f));
            easel.Canvas.Restore();
        }

        int boats = 3 + easel.Next(3);
        for (int i = 0; i < boats; i++)
        {
            float depth = (i + 1f) / boats;
            Boat(easel, easel.Width * ((((i * 0.43f) + 0.16f) % 0.8f) + 0.1f), horizon + ((shore - horizon) * 0.7f * depth * depth), (5 + (12 * depth)) * easel.Unit);
        }

        Beach(easel, sky, shore);
    }

    private static void Boat(Easel easel, float x, float y, float size)
    {
        SKColor sail = easel.Pick(SKColor.Parse("#fbf6ea"), SKColor.Parse("#d9412f"), SKColor.Parse("#f2b134"), SKColor.Parse("#274c77"));
        SKColor hull = easel.Pick(SKColor.Parse("#7a3b22"), SKColor.Parse("#f4efe6"), SKColor.Parse("#1f3a5f"), SKColor.Parse("#a4243b"));
        easel.Oval(x, y + (size * 0.22f), size * 0.5f, size * 0.08f, sail.WithAlpha(70), size * 0.06f);
        easel.Line(x, y, x, y - size, size * 0.03f, SKColor.Parse("#5c4a3a"));
        using var main = new SKPath();
        main.MoveTo(x + (size * 0.03f), y - size);
        main.QuadTo(x + (size * 0.5f), y - (size * 0.4f), x + (size * 0.45f), y - (size * 0.08f));
        main.LineTo(x + (size * 0.03f), y - (size * 0.08f));
        easel.Fill(main, Easel.Mix(sail, SKColors.White, 0.3f), Easel.Mix(sail, SKColors.Black, 0.18f));
        using var jib = new SKPath();
        jib.MoveTo(x - (size * 0.04f), y - (size * 0.88f));
        jib.LineTo(x - (size * 0.42f), y - (size * 0.06f));
        jib.LineTo(x - (size * 0.04f), y - (size * 0.12f));
        easel.Fill(jib, Easel.Mix(sail, SKColors.Black, 0.06f), Easel.Mix(sail, SKColors.Black, 0.25f));
        using var body = new SKPath();
        body.MoveTo(x - (size * 0.5f), y);
        body.LineTo(x + (size * 0.52f), y);
        body.QuadTo(x + (size * 0.42f), y + (size * 0.2f), x + (size * 0.3f), y + (size * 0.2f));
        body.LineTo(x - (size * 0.32f), y + (size * 0.2f));
        body.Close();
        easel.Fill(body, hull, Easel.Mix(hull, SKColors.Black, 0.5f));
    }

    private static void Beach(Easel easel, Sky sky, float shore)
    {
        SKColor sand = Easel.Mix(SKColor.Parse("#e6c995"), sky.Sun, 0.15f);
        for (int wave = 0; wave < 4; wave++)
        {
            using SKPath edge = easel.Ridge(shore + ((wave - 2) * 3.2f * easel.Unit), 1.6f * easel.Unit, 2);
            SKColor water = Easel.Mix(SKColor.Parse("#5fc9bf"), sand, 0.22f * wave);
            easel.Fill(edge, new SKColor(255, 255, 255, 215), 0.5f * easel.Unit);
            edge.Offset(0, 1.3f * easel.Unit);
            easel.Fill(edge, wave == 3 ? sand : water);
        }

        using SKPath beach = easel.Ridge(shore + (9 * easel.Unit), 1.4f * easel.Unit, 1);
        easel.Fill(beach, sand, Easel.Mix(sand, SKColor.Parse("#a0703f"), 0.45f));
        easel.Texture(new SKRect(0, shore + (8 * easel.Unit), easel.Width, easel.Height), new SKColor(110, 70, 30, 70), 0.15f, 0.3f);
        for (int i = 0; i < 14; i++)
        {
            SKColor pebble = easel.Pick(SKColor.Parse("#8d7f78"), SKColor.Parse("#d98c7a"), SKColor.Parse("#f4ede2"), SKColor.Parse("#5f6f7d"));
            float size = easel.Between(0.5f, 1.3f) * easel.Unit;
            easel.Ball(easel.Width * easel.Between(0, 1), easel.Height - (easel.Between(1, 8) * easel.Unit), size * 1.3f, size, pebble);
        }
    }
}
