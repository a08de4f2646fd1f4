using SkiaSharp;

namespace Koalarization.Demo.Scenes;

/// <summary>A path through a wood in autumn; in spring with blossom for every third.</summary>
internal static class AutumnScene
{
    private static readonly SKColor[] AutumnLeaves =
        [SKColor.Parse("#e2711d"), SKColor.Parse("#f4b41a"), SKColor.Parse("#b3261e"), SKColor.Parse("#c9822b"), SKColor.Parse("#8a9a3b")];

    private static readonly SKColor[] SpringLeaves =
        [SKColor.Parse("#f7c6d9"), SKColor.Parse("#f2a1c0"), SKColor.Parse("#fbe6ee"), SKColor.Parse("#9fc66a"), SKColor.Parse("#e587ad")];

    public static void Paint(Easel easel)
    {
        bool isSpring = easel.Variant % 3 == 1;
        SKColor[] leaves = isSpring ? SpringLeaves : AutumnLeaves;
        float ground = easel.Height * 0.64f;
        SKColor light = isSpring ? SKColor.Parse("#e4f0f5") : SKColor.Parse("#fdeec4");
        easel.Wash(0, ground, SKColor.Parse(isSpring ? "#8fbfe6" : "#c9b48a"), light);
        easel.Glow(easel.Width * 0.5f, ground * 0.75f, 75 * easel.Unit, light);
        for (int i = 0; i < 260; i++)
        {
            Tuft(easel, leaves, easel.Width * easel.Between(0, 1), ground * easel.Between(0.1f, 1), easel.Between(3, 7) * easel.Unit, 70, light, 0.55f);
        }

        SKColor floor = isSpring ? SKColor.Parse("#6f9a45") : SKColor.Parse("#a8622a");
        easel.Wash(ground, easel.Height, Easel.Mix(floor, light, 0.4f), floor, Easel.Mix(floor, SKColors.Black, 0.45f));
        Path(easel, ground, isSpring);
        Litter(easel, leaves, ground);
        const int Rows = 4;
        for (int row = 0; row < Rows; row++)
        {
            float depth = (row + 1f) / Rows;
            foreach (int side in (ReadOnlySpan<int>)[-1, 1])
            {
                float x = (easel.Width / 2) + (side * easel.Width * (0.08f + (0.42f * depth * easel.Between(0.85f, 1.1f))));
                Tree(easel, leaves, x, ground + ((easel.Height - ground) * 0.55f * depth * depth), depth, light);
            }
        }
    }

    private static void Path(Easel easel, float ground, bool isSpring)
    {
        using var path = new SKPath();
        float middle = easel.Width / 2;
        path.MoveTo(middle - easel.Unit, ground);
        path.CubicTo(middle - (8 * easel.Unit), ground + (10 * easel.Unit), middle - (6 * easel.Unit), ground + (12 * easel.Unit), middle - (28 * easel.Unit), easel.Height);
        path.LineTo(middle + (26 * easel.Unit), easel.Height);
        path.CubicTo(middle + (8 * easel.Unit), ground + (14 * easel.Unit), middle + (3 * easel.Unit), ground + (9 * easel.Unit), middle + easel.Unit, ground);
        SKColor gravel = SKColor.Parse(isSpring ? "#d9cbb0" : "#d8b88a");
        easel.Fill(path, Easel.Mix(gravel, SKColors.White, 0.35f), Easel.Mix(gravel, SKColors.Black, 0.3f));
    }

    private static void Litter(Easel easel, SKColor[] leaves, float ground)
    {
        for (int i = 0; i < 700; i++)
        {
            float near = easel.Between(0, 1);
            float size = (0.25f + (0.9f * near)) * easel.Unit;
            SKColor colour = easel.Near(leaves[easel.Next(leaves.Length)]).WithAlpha(190);
            easel.Oval(easel.Width * easel.Between(0, 1), ground + ((easel.Height - ground) * near), size * 1.3f, size * 0.6f, colour);
        }
    }

    private static void Tree(Easel easel, SKColor[] leaves, float x, float foot, float depth, SKColor light)
    {
        float tall = (26 + (62 * depth)) * easel.Unit;
        float thick = (1.2f + (4.2f * depth)) * easel.Unit;
        SKColor bark = Easel.Mix(light, SKColor.Parse("#3d2a20"), 0.45f + (0.55f * depth));
        easel.Oval(x + thick, foot, thick * 3, thick * 0.5f, new SKColor(30, 15, 5, 110), thick * 0.5f);
        using var trunk = new SKPath();
        trunk.MoveTo(x - (thick * 0.8f), foot);
        trunk.QuadTo(x - (thick * 0.35f), foot - (tall * 0.3f), x - (thick * 0.3f), foot - (tall * 0.8f));
        trunk.LineTo(x + (thick * 0.3f), foot - (tall * 0.8f));
        trunk.QuadTo(x + (thick * 0.4f), foot - (tall * 0.3f), x + (thick * 0.9f), foot);
        easel.Fill(trunk, Easel.Mix(bark, SKColors.Black, 0.2f), bark);
        for (int branch = 0; branch < 6; branch++)
        {
            float height = foot - (tall * easel.Between(0.4f, 0.75f));
            easel.Line(x, height, x + (easel.Between(-0.28f, 0.28f) * tall), height - (tall * easel.Between(0.1f, 0.25f)), thick * 0.25f, bark);
        }

        int tufts = 40 + (int)(80 * depth);
        for (int i = 0; i < tufts; i++)
        {
            float angle = easel.Between(0, 6.28f);
            float far = MathF.Sqrt(easel.Between(0, 1)) * tall * 0.36f;
            Tuft(
                easel,
                leaves,
                x + (MathF.Cos(angle) * far),
                foot - (tall * 0.82f) + (MathF.Sin(angle) * far * 0.75f),
                (1.6f + (2.2f * depth)) * easel.Unit,
                200,
                light,
                0.4f * (1 - depth));
        }
    }

    private static void Tuft(Easel easel, SKColor[] leaves, float x, float y, float size, byte alpha, SKColor light, float haze)
    {
        SKColor colour = Easel.Mix(easel.Near(leaves[easel.Next(leaves.Length)], 1.4f), light, haze).WithAlpha(alpha);
        easel.Oval(x, y + (size * 0.25f), size, size * 0.75f, Easel.Mix(colour, SKColors.Black, 0.3f).WithAlpha((byte)(alpha / 2)), size * 0.2f);
        easel.Oval(x, y, size, size * 0.7f, colour, size * 0.15f);
    }
}
