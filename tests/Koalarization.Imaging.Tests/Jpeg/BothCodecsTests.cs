using Koalarization.Imaging.Jpeg;
using Koalarization.Imaging.Pixels;

namespace Koalarization.Imaging.Tests.Jpeg;

/// <summary>libturbojpeg tells of lost data by its warnings, the fallback does not: both must come to one answer.</summary>
public class BothCodecsTests
{
    private const int FilesOfEach = 60;

    private static readonly JpegDecodeOptions Options = JpegDecodeOptions.ForResizing with { MaxPixels = 2_000_000 };

    [TurboJpegTheory]
    [InlineData("coffee_7x5_enlarged")]
    [InlineData("astronaut_333x251_restart")]
    [InlineData("raccoon_431x287_optimized")]
    [InlineData("coins_120x95_gray_enlarged")]
    [InlineData("coffee_450x300_411")]
    [InlineData("raccoon_1024x768_progressive")]
    [InlineData("cat_400x300_cmyk")]
    [InlineData("odd/restart")]
    [InlineData("odd/three_scans")]
    [InlineData("odd/arithmetic")]
    [InlineData("odd/arithmetic_progressive")]
    [InlineData("odd/arithmetic_restart")]
    public void Files_with_changed_bytes_come_to_one_answer(string name)
    {
        byte[] jpeg = name.StartsWith("odd/", StringComparison.Ordinal) ? OddJpegs.Read(name[4..]) : GoldenPictures.Picture(name);
        var random = new Random(name.Length);
        int kept = 0, refused = 0;
        for (int i = 0; i < FilesOfEach; i++)
        {
            byte[] changed = Changed(jpeg, random);
            string? turbo = Answer(JpegCodecs.TurboJpeg, changed), fallback = Answer(JpegCodecs.Skia, changed);
            Assert.True((turbo is null) == (fallback is null), $"file {i}: libturbojpeg {turbo ?? "keeps it"}, the fallback {fallback ?? "keeps it"}");
            _ = turbo is null ? kept++ : refused++;
        }

        Assert.InRange(kept, 1, FilesOfEach);
        Assert.InRange(refused, 1, FilesOfEach);
    }

    private static byte[] Changed(byte[] jpeg, Random random)
    {
        byte[] copy = [.. jpeg];
        for (int times = random.Next(1, 3); times > 0; times--)
        {
            int at = random.Next(2, copy.Length);
            copy = random.Next(6) switch
            {
                0 => copy[..at],
                1 => JpegParts.With(copy, at, (byte)random.Next(256)),
                2 => JpegParts.With(copy, at, 0xFF, (byte)random.Next(256)),
                3 => [.. copy.AsSpan(0, at), .. copy.AsSpan(Math.Min(copy.Length, at + random.Next(1, 40)))],
                4 => JpegParts.With(copy, copy.Length - random.Next(0, 3), (byte)random.Next(256)),
                _ => Flipped(copy, at, random.Next(8)),
            };
        }

        return copy;
    }

    private static byte[] Flipped(byte[] jpeg, int at, int bit)
    {
        jpeg[at] ^= (byte)(1 << bit);
        return jpeg;
    }

    private static string? Answer(IJpegCodec codec, byte[] jpeg)
    {
        bool done = codec.TryDecode(jpeg, Options, out Picture? picture, out PictureRefusal? refusal);
        picture?.Dispose();
        return done ? null : refusal!.Detail;
    }
}
