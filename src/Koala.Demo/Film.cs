using SkiaSharp;

namespace Koalarization.Demo;

/// <summary>What a camera adds: darker corners and a little grain, so that no surface is flat.</summary>
internal static class Film
{
    public static void Expose(SKCanvas canvas, float width, float height, Random random)
    {
        var centre = new SKPoint(width / 2, height / 2);
        float radius = MathF.Sqrt((width * width) + (height * height)) / 2;
        using (SKShader corners = SKShader.CreateRadialGradient(
            centre, radius, [SKColors.Transparent, SKColors.Transparent, new SKColor(10, 5, 20, 80)], [0, 0.6f, 1], SKShaderTileMode.Clamp))
        using (var paint = new SKPaint { Shader = corners })
        {
            canvas.DrawRect(0, 0, width, height, paint);
        }

        using SKShader noise = SKShader.CreatePerlinNoiseTurbulence(0.8f, 0.8f, 2, random.Next(1000));
        using var grain = new SKPaint { Shader = noise, BlendMode = SKBlendMode.SoftLight, Color = SKColors.White.WithAlpha(38) };
        canvas.DrawRect(0, 0, width, height, grain);
    }
}
