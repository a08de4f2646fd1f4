using SkiaSharp;

namespace Koalarization.Demo.Scenes;

/// <summary>Fish over a coral reef, light falling in from above.</summary>
internal static class ReefScene
{
    private static readonly (SKColor Body, SKColor Band)[] Fish =
    [
        (SKColor.Parse("#f47b20"), SKColor.Parse("#fff7ea")),
        (SKColor.Parse("#f9d423"), SKColor.Parse("#1f2a44")),
        (SKColor.Parse("#2f6fe0"), SKColor.Parse("#f9e04a")),
        (SKColor.Parse("#e84a8a"), SKColor.Parse("#ffd9ec")),
        (SKColor.Parse("#7fd6c2"), SKColor.Parse("#0f5f6f")),
    ];

    private static readonly SKColor[] Corals =
        [SKColor.Parse("#e8505b"), SKColor.Parse("#f9a03f"), SKColor.Parse("#c44ec0"), SKColor.Parse("#f4d06f"), SKColor.Parse("#5fbf9f"), SKColor.Parse("#7f5fd0")];

    public static void Paint(Easel easel)
    {
        easel.Wash(0, easel.Height, SKColor.Parse("#7fdcec"), SKColor.Parse("#1f8fc4"), SKColor.Parse("#0b3f78"));
        Rays(easel);
        for (int layer = 0; layer < 3; layer++)
        {
            float depth = (layer + 1) / 3f;
            float top = easel.Height * (0.66f + (0.11f * layer));
            using SKPath floor = easel.Ridge(top, 4 * easel.Unit, 2);
            SKColor sand = Easel.Mix(SKColor.Parse("#1f7fb0"), SKColor.Parse("#e0cf9a"), 0.15f + (0.6f * depth));
            easel.Fill(floor, sand, Easel.Mix(sand, SKColor.Parse("#0b3050"), 0.5f));
            int corals = 5 + easel.Next(4);
            for (int i = 0; i < corals; i++)
            {
                float x = easel.Width * ((i + easel.Between(0.1f, 0.9f)) / corals);
                SKColor colour = Easel.Mix(SKColor.Parse("#1f7fb0"), easel.Near(Corals[easel.Next(Corals.Length)]), 0.3f + (0.7f * depth));
                Coral(easel, x, top + (easel.Between(2, 6) * easel.Unit), easel.Between(7, 13) * easel.Unit * (0.5f + (0.6f * depth)), colour);
            }
        }

        int school = 8 + easel.Next(5);
        for (int i = 0; i < school; i++)
        {
            float size = easel.Between(3.5f, 5 + (7f * i / school)) * easel.Unit;
            Swim(easel, easel.Width * easel.Between(0.06f, 0.94f), easel.Height * easel.Between(0.14f, 0.66f), size, Fish[(i + easel.Variant) % Fish.Length]);
        }

        Bubbles(easel);
    }

    private static void Rays(Easel easel)
    {
        for (int i = 0; i < 9; i++)
        {
            float x = easel.Width * easel.Between(-0.1f, 1.1f);
            float wide = easel.Between(3, 9) * easel.Unit;
            using var ray = new SKPath();
            ray.MoveTo(x, -5);
            ray.LineTo(x + wide, -5);
            ray.LineTo(x + (wide * 3) - (easel.Width * 0.15f), easel.Height);
            ray.LineTo(x - (easel.Width * 0.15f), easel.Height);
            easel.Fill(ray, new SKColor(235, 255, 250, 55), new SKColor(235, 255, 250, 0));
        }
    }

    private static void Coral(Easel easel, float x, float foot, float size, SKColor colour)
    {
        switch (easel.Next(3))
        {
            case 0:
                Branch(easel, x, foot, size * 0.5f, -MathF.PI / 2, size * 0.13f, colour, 4);
                break;
            case 1:
                easel.Ball(x, foot, size * 0.6f, size * 0.45f, colour);
                for (int i = 0; i < 60; i++)
                {
                    float angle = easel.Between(0, 6.28f);
                    float far = MathF.Sqrt(easel.Between(0, 1)) * size * 0.52f;
                    easel.Disc(x + (MathF.Cos(angle) * far), foot + (MathF.Sin(angle) * far * 0.72f), size * 0.03f, Easel.Mix(colour, SKColors.White, 0.4f).WithAlpha(140));
                }

                break;
            default:
                for (int tube = -2; tube <= 2; tube++)
                {
                    float tall = size * easel.Between(0.5f, 1.1f);
                    easel.Line(x + (tube * size * 0.2f), foot, x + (tube * size * 0.28f), foot - tall, size * 0.17f, easel.Near(colour));
                    easel.Oval(x + (tube * size * 0.28f), foot - tall, size * 0.07f, size * 0.04f, Easel.Mix(colour, SKColors.Black, 0.6f));
                }

                break;
        }
    }

    private static void Branch(Easel easel, float x, float y, float length, float angle, float thick, SKColor colour, int depth)
    {
        float endX = x + (MathF.Cos(angle) * length);
        float endY = y + (MathF.Sin(angle) * length);
        easel.Line(x, y, endX, endY, thick, Easel.Mix(colour, SKColors.White, 0.12f * (4 - depth)));
        if (depth > 0)
        {
            Branch(easel, endX, endY, length * 0.68f, angle - easel.Between(0.25f, 0.6f), thick * 0.72f, colour, depth - 1);
            Branch(easel, endX, endY, length * 0.68f, angle + easel.Between(0.25f, 0.6f), thick * 0.72f, colour, depth - 1);
        }
    }

    private static void Swim(Easel easel, float x, float y, float size, (SKColor Body, SKColor Band) kind)
    {
        easel.Canvas.Save();
        easel.Canvas.Translate(x, y);
        easel.Canvas.Scale(easel.Pick(-1, 1), 1);
        easel.Canvas.RotateDegrees(easel.Between(-12, 12));
        using var tail = new SKPath();
        tail.MoveTo(-size * 0.75f, 0);
        tail.LineTo(-size * 1.45f, -size * 0.5f);
        tail.QuadTo(-size * 1.2f, 0, -size * 1.45f, size * 0.5f);
        tail.Close();
        easel.Fill(tail, Easel.Mix(kind.Body, SKColors.Black, 0.15f));
        using var fin = new SKPath();
        fin.MoveTo(-size * 0.4f, -size * 0.45f);
        fin.QuadTo(0, -size * 0.95f, size * 0.4f, -size * 0.45f);
        fin.Close();
        easel.Fill(fin, Easel.Mix(kind.Band, kind.Body, 0.4f));
        using var body = new SKPath();
        body.AddOval(new SKRect(-size, -size * 0.58f, size, size * 0.58f));
        easel.Ball(0, 0, size, size * 0.58f, kind.Body);
        easel.Canvas.Save();
        easel.Canvas.ClipPath(body, SKClipOperation.Intersect, antialias: true);
        foreach (float band in (ReadOnlySpan<float>)[-0.5f, 0.25f])
        {
            easel.Oval(size * band, 0, size * 0.13f, size * 0.8f, kind.Band.WithAlpha(230));
        }

        easel.Canvas.Restore();
        easel.Disc(size * 0.66f, -size * 0.12f, size * 0.12f, SKColors.White);
        easel.Disc(size * 0.69f, -size * 0.12f, size * 0.07f, SKColors.Black);
        easel.Canvas.Restore();
    }

    private static void Bubbles(Easel easel)
    {
        for (int i = 0; i < 26; i++)
        {
            float radius = easel.Between(0.4f, 1.5f) * easel.Unit;
            float x = easel.Width * easel.Between(0, 1);
            float y = easel.Height * easel.Between(0, 0.9f);
            easel.Disc(x, y, radius, new SKColor(230, 250, 255, 60));
            easel.Disc(x - (radius * 0.3f), y - (radius * 0.35f), radius * 0.25f, new SKColor(255, 255, 255, 200));
        }
    }
}
