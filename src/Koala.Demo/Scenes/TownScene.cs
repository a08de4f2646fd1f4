using SkiaSharp;

namespace Koalarization.Demo.Scenes;

/// <summary>Gabled houses along a canal, by day or with their windows lit, and their mirror image.</summary>
internal static class TownScene
{
    private static readonly SKColor[] Walls =
    [
        SKColor.Parse("#c8553d"), SKColor.Parse("#e0a458"), SKColor.Parse("#5b8e7d"), SKColor.Parse("#8cb0c9"), SKColor.Parse("#efe3cd"),
        SKColor.Parse("#9c4f54"), SKColor.Parse("#d9b382"), SKColor.Parse("#7a6c9d"),
    ];

    public static void Paint(Easel easel)
    {
        bool isEvening = easel.Variant % 2 == 0;
        Sky sky = isEvening ? Skies.Dusk : Skies.Noon;
        float quay = easel.Height * 0.68f;
        Skies.Paint(easel, sky, quay);

        float x = -3 * easel.Unit;
        for (int house = easel.Next(Walls.Length); x < easel.Width; house++)
        {
            float wide = easel.Between(13, 19) * easel.Unit;
            House(easel, x, quay, wide, easel.Height * easel.Between(0.3f, 0.44f), Walls[house % Walls.Length], isEvening);
            x += wide;
        }

        using var stone = new SKPaint { Color = isEvening ? SKColor.Parse("#3a3346") : SKColor.Parse("#8d8478") };
        easel.Canvas.DrawRect(0, quay, easel.Width, 2.5f * easel.Unit, stone);
        Water(easel, sky, quay + (2.5f * easel.Unit), isEvening);
    }

    private static void House(Easel easel, float x, float foot, float wide, float tall, SKColor wall, bool isEvening)
    {
        SKColor colour = isEvening ? Easel.Mix(easel.Near(wall), new SKColor(38, 30, 70), 0.5f) : easel.Near(wall);
        SKColor roof = isEvening ? SKColor.Parse("#33243a") : easel.Near(SKColor.Parse("#8a4032"));
        float eaves = foot - tall;
        float ridge = eaves - (wide * easel.Between(0.4f, 0.7f));
        using var front = new SKPath();
        front.MoveTo(x, foot);
        front.LineTo(x, eaves);
        front.LineTo(x + (wide / 2), ridge);
        front.LineTo(x + wide, eaves);
        front.LineTo(x + wide, foot);
        front.Close();
        easel.Fill(front, Easel.Mix(colour, SKColors.White, 0.14f), Easel.Mix(colour, SKColors.Black, 0.18f));
        easel.Canvas.Save();
        easel.Canvas.ClipPath(front, SKClipOperation.Intersect, antialias: true);
        easel.Texture(new SKRect(x, ridge, x + wide, foot), new SKColor(30, 15, 10, 70), 0.2f, 0.2f);
        easel.Canvas.Restore();
        easel.Line(x, eaves, x + (wide / 2), ridge, wide * 0.07f, roof);
        easel.Line(x + wide, eaves, x + (wide / 2), ridge, wide * 0.07f, roof);
        easel.Line(x + wide, eaves, x + wide, foot, wide * 0.02f, new SKColor(0, 0, 0, 90), wide * 0.02f);

        int floors = Math.Max(2, (int)(tall / (9 * easel.Unit)));
        float step = tall / floors;
        for (int floor = 0; floor < floors; floor++)
        {
            for (int column = 0; column < 3; column++)
            {
                float left = x + (wide * (0.12f + (0.28f * column)));
                bool isDoor = floor == floors - 1 && column == 1;
                Window(easel, left, eaves + (floor * step) + (step * 0.2f), wide * 0.2f, isDoor ? step * 0.8f : step * 0.58f, isEvening, isDoor);
            }
        }

        Window(easel, x + (wide * 0.42f), eaves - (wide * 0.16f), wide * 0.16f, wide * 0.2f, isEvening, isDoor: false);
    }

    private static void Window(Easel easel, float x, float y, float wide, float tall, bool isEvening, bool isDoor)
    {
        bool isLit = isEvening && !isDoor && easel.Next(3) > 0;
        SKColor glass = isLit ? easel.Near(SKColor.Parse("#ffcf70")) : isEvening ? SKColor.Parse("#252a48") : SKColor.Parse("#5d7486");
        SKColor colour = isDoor ? easel.Near(SKColor.Parse(isEvening ? "#3d2a2a" : "#2f5d50")) : glass;
        if (isLit)
        {
            easel.Glow(x + (wide / 2), y + (tall / 2), tall * 1.3f, new SKColor(255, 190, 90, 90));
        }

        var frame = new SKRect(x, y, x + wide, y + tall);
        using var border = new SKPaint { IsAntialias = true, Color = isEvening ? new SKColor(190, 170, 160, 150) : new SKColor(250, 246, 238) };
        using var pane = new SKPaint { IsAntialias = true, Color = colour };
        easel.Canvas.DrawRect(SKRect.Inflate(frame, wide * 0.09f, wide * 0.09f), border);
        easel.Canvas.DrawRect(frame, pane);
        if (!isDoor)
        {
            easel.Line(x + (wide / 2), y, x + (wide / 2), y + tall, wide * 0.06f, border.Color);
            easel.Line(x, y + (tall * 0.4f), x + wide, y + (tall * 0.4f), wide * 0.06f, border.Color);
        }
    }

    private static void Water(Easel easel, Sky sky, float top, bool isEvening)
    {
        using (SKImage above = easel.Snapshot())
        {
            easel.Canvas.Save();
            easel.Canvas.ClipRect(new SKRect(0, top, easel.Width, easel.Height));
            easel.Canvas.Scale(1, -1, 0, top);
            using var soft = new SKPaint { ImageFilter = SKImageFilter.CreateBlur(0.4f * easel.Unit, 1.6f * easel.Unit) };
            easel.Canvas.DrawImage(above, 0, 0, soft);
            easel.Canvas.Restore();
        }

        SKColor deep = isEvening ? new SKColor(20, 22, 60, 120) : new SKColor(30, 80, 100, 110);
        easel.Wash(top, easel.Height, deep.WithAlpha(50), deep.WithAlpha(190));
        for (int i = 0; i < 60; i++)
        {
            float y = top + ((easel.Height - top) * easel.Between(0.03f, 1));
            float x = easel.Width * easel.Between(0, 1);
            easel.Line(x, y, x + (easel.Between(3, 12) * easel.Unit), y, 0.25f * easel.Unit, sky.Cloud.WithAlpha(60), 0.15f * easel.Unit);
        }
    }
}
