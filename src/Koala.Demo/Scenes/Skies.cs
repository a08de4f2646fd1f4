using SkiaSharp;

namespace Koalarization.Demo.Scenes;

/// <summary>The sky of a time of day, and the light that it throws on what lies below.</summary>
/// <param name="Colours">From the zenith to the horizon.</param>
/// <param name="Sun">The colour of sun or moon.</param>
/// <param name="Haze">What far things fade into.</param>
/// <param name="Cloud">The clouds' lit side.</param>
internal sealed record Sky(SKColor[] Colours, SKColor Sun, SKColor Haze, SKColor Cloud);

/// <summary>Times of day.</summary>
internal static class Skies
{
    public static Sky Noon { get; } = Of("#2a6fc4", "#6aa9e4", "#cfe6f2", "#fff6d8", "#c4dcea", "#ffffff");

    public static Sky Sunset { get; } = Of("#3b3a78", "#b0568a", "#ffb35c", "#ffe9a8", "#f2a97a", "#ffc7a0");

    public static Sky Dawn { get; } = Of("#5a86c2", "#e3b7cc", "#ffe4bd", "#fff2cc", "#ecc9c6", "#fff0ea");

    public static Sky Dusk { get; } = Of("#141d4a", "#46438c", "#e08a72", "#ffd9b0", "#6d5a8c", "#a77ca4");

    public static Sky Storm { get; } = Of("#46586c", "#7d93a4", "#d8dccd", "#fdf6dc", "#a9b6ba", "#dde2e4");

    public static Sky ForVariant(int variant) => (variant % 5) switch
    {
        0 => Sunset,
        1 => Noon,
        2 => Dawn,
        3 => Storm,
        _ => Dusk,
    };

    /// <summary>Paints a sky down to a horizon, with sun and clouds.</summary>
    public static void Paint(Easel easel, Sky sky, float horizon, bool clouds = true)
    {
        easel.Wash(0, horizon, sky.Colours);
        float x = easel.Width * easel.Between(0.2f, 0.8f);
        float y = horizon * easel.Between(0.35f, 0.75f);
        easel.Glow(x, y, 55 * easel.Unit, sky.Sun.WithAlpha(150));
        easel.Disc(x, y, 5.5f * easel.Unit, sky.Sun, 0.6f * easel.Unit);
        if (clouds)
        {
            easel.Texture(new SKRect(0, 0, easel.Width, horizon), sky.Cloud.WithAlpha(120), 0.012f, 0.05f);
            int count = 2 + easel.Next(3);
            for (int i = 0; i < count; i++)
            {
                Cloud(easel, sky, easel.Width * easel.Between(0, 1), horizon * easel.Between(0.1f, 0.6f), easel.Between(6, 13) * easel.Unit);
            }
        }
    }

    private static void Cloud(Easel easel, Sky sky, float x, float y, float size)
    {
        SKColor shade = Easel.Mix(sky.Cloud, sky.Colours[0], 0.45f);
        for (int layer = 0; layer < 2; layer++)
        {
            for (int puff = -4; puff <= 4; puff++)
            {
                float radius = size * (0.62f - (MathF.Abs(puff) * 0.09f)) * easel.Between(0.8f, 1.15f);
                SKColor colour = layer == 0 ? shade.WithAlpha(120) : sky.Cloud.WithAlpha(135);
                easel.Oval(x + (puff * size * 0.42f), y - (layer * radius * 0.35f), radius, radius * 0.62f, colour, radius * 0.3f);
            }
        }
    }

    private static Sky Of(string zenith, string middle, string horizon, string sun, string haze, string cloud) => new(
        [SKColor.Parse(zenith), SKColor.Parse(middle), SKColor.Parse(horizon)], SKColor.Parse(sun), SKColor.Parse(haze), SKColor.Parse(cloud));
}
