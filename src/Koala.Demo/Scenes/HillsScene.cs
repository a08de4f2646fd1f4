using SkiaSharp;

namespace Koalarization.Demo.Scenes;

/// <summary>Snowy mountains far away, hills before them, trees in front; sometimes a lake.</summary>
internal static class HillsScene
{
    private static readonly SKColor Pine = SKColor.Parse("#20452f");

    public static void Paint(Easel easel)
    {
        Sky sky = Skies.ForVariant(easel.Variant + 1);
        float horizon = easel.Height * 0.58f;
        Skies.Paint(easel, sky, horizon + (10 * easel.Unit));
        Mountains(easel, sky, horizon);

        SKColor near = easel.Pick(SKColor.Parse("#5f8f37"), SKColor.Parse("#7d9a3c"), SKColor.Parse("#4c8442"));
        const int Layers = 4;
        for (int layer = 0; layer < Layers; layer++)
        {
            float depth = (layer + 1f) / Layers;
            float top = horizon + (easel.Height * 0.36f * depth * depth);
            SKColor colour = Easel.Mix(sky.Haze, easel.Near(near), 0.35f + (0.65f * depth));
            using SKPath ridge = easel.Ridge(top, (7 - (3 * depth)) * easel.Unit, 2);
            easel.Fill(ridge, Easel.Mix(colour, sky.Sun, 0.25f), Easel.Mix(colour, SKColors.Black, 0.35f));
            easel.Canvas.Save();
            easel.Canvas.ClipPath(ridge, SKClipOperation.Intersect, antialias: true);
            easel.Texture(new SKRect(0, top - (14 * easel.Unit), easel.Width, easel.Height), new SKColor(30, 50, 10, 90), 0.06f, 0.25f);
            easel.Canvas.Restore();
            Trees(easel, sky, top, depth);
        }

        Meadow(easel);
    }

    private static void Mountains(Easel easel, Sky sky, float horizon)
    {
        SKColor rock = Easel.Mix(SKColor.Parse("#56627e"), sky.Haze, 0.35f);
        for (float x = -10 * easel.Unit; x < easel.Width + (10 * easel.Unit);)
        {
            float half = easel.Between(22, 38) * easel.Unit;
            float height = half * easel.Between(0.75f, 1.1f);
            float peak = horizon - height;
            Peak(easel, x, peak, horizon, half, 1, rock, SKColors.White);
            x += half * easel.Between(0.7f, 1.1f);
        }
    }

    private static void Peak(Easel easel, float x, float top, float bottom, float half, float snow, SKColor rock, SKColor white)
    {
        using var whole = new SKPath();
        whole.MoveTo(x, top);
        whole.LineTo(x + half, bottom + easel.Unit);
        whole.LineTo(x - half, bottom + easel.Unit);
        whole.Close();
        easel.Fill(whole, Easel.Mix(rock, white, 0.3f), rock);

        float line = (bottom - top) * 0.32f * snow;
        using var cap = new SKPath();
        cap.MoveTo(x, top);
        for (int i = 0; i <= 6; i++)
        {
            float share = 1 - (i / 3f);
            cap.LineTo(x + (half * share * 0.32f), top + (line * easel.Between(i % 2 == 0 ? 0.95f : 0.6f, i % 2 == 0 ? 1.2f : 0.75f)));
        }

        cap.Close();
        easel.Canvas.Save();
        easel.Canvas.ClipPath(whole, SKClipOperation.Intersect, antialias: true);
        easel.Fill(cap, white.WithAlpha(225));
        using var shade = new SKPath();
        shade.MoveTo(x, top);
        shade.LineTo(x + half, bottom);
        shade.LineTo(x + (half * 0.15f), bottom);
        shade.Close();
        easel.Fill(shade, new SKColor(30, 35, 80, 70), easel.Unit * 0.5f);
        easel.Canvas.Restore();
    }

    private static void Trees(Easel easel, Sky sky, float top, float depth)
    {
        int count = 5 + easel.Next(9);
        for (int i = 0; i < count; i++)
        {
            float x = easel.Width * easel.Between(-0.05f, 1.05f);
            float size = (3 + (11 * depth)) * easel.Unit * easel.Between(0.7f, 1.25f);
            SKColor colour = Easel.Mix(sky.Haze, easel.Near(Pine), 0.3f + (0.7f * depth));
            PineTree(easel, x, top + (easel.Between(2, 9) * depth * easel.Unit) + (2 * easel.Unit), size, colour, sky.Sun);
        }
    }

    private static void PineTree(Easel easel, float x, float foot, float size, SKColor colour, SKColor light)
    {
        easel.Oval(x + (size * 0.12f), foot, size * 0.32f, size * 0.07f, new SKColor(10, 20, 10, 90), size * 0.05f);
        easel.Line(x, foot, x, foot - (size * 0.3f), size * 0.07f, SKColor.Parse("#4a3526"));
        for (int tier = 0; tier < 4; tier++)
        {
            float wide = size * (0.32f - (tier * 0.06f));
            float low = foot - (size * (0.15f + (tier * 0.2f)));
            using var branch = new SKPath();
            branch.MoveTo(x, low - (size * 0.38f));
            branch.LineTo(x + wide, low);
            branch.QuadTo(x, low + (size * 0.05f), x - wide, low);
            branch.Close();
            easel.Fill(branch, Easel.Mix(colour, light, 0.22f), Easel.Mix(colour, SKColors.Black, 0.25f));
        }
    }

    private static void Meadow(Easel easel)
    {
        SKColor bloom = easel.Pick(SKColor.Parse("#f4d13d"), SKColor.Parse("#d9493f"), SKColor.Parse("#b565c9"), SKColor.Parse("#ffffff"));
        for (int i = 0; i < 160; i++)
        {
            float near = easel.Between(0, 1);
            float y = easel.Height * (0.87f + (0.13f * near));
            easel.Disc(easel.Width * easel.Between(0, 1), y, (0.3f + (0.8f * near)) * easel.Unit, easel.Near(bloom), 0.2f * easel.Unit);
        }
    }
}
