using System.Buffers;
using Koalarization.Imaging.Jpeg;
using Koalarization.Imaging.Jpeg.Skia;
using Koalarization.Imaging.Jpeg.Turbo;
using Koalarization.Imaging.Pixels;
using Koalarization.Imaging.Tests.Jpeg;

namespace Koalarization.Imaging.Tests.Pixels;

public sealed class DecodingMemoryTests
{
    private const int Megabyte = 1_000_000;

    // 36 MB of pixels.
    private static readonly Lazy<byte[]> Large = new(() =>
    {
        using Picture picture = Picture.Rent(4000, 3000, 3);
        picture.Pixels.Fill(127);
        var jpeg = new ArrayBufferWriter<byte>();
        JpegCodecs.Default.Encode(picture, 75, jpeg);
        return jpeg.WrittenSpan.ToArray();
    });

    [Fact]
    public async Task Who_does_not_fit_waits_for_those_before_it()
    {
        var memory = new DecodingMemory(100 * Megabyte);
        IDisposable first = memory.Take(60 * Megabyte)!;
        Task<IDisposable?> second = Task.Factory.StartNew(() => memory.Take(90 * Megabyte), TaskCreationOptions.LongRunning);
        SpinWait.SpinUntil(() => memory.Waiting == 1);

        // It would fit, and its turn is after the one that waits.
        Task<IDisposable?> third = Task.Factory.StartNew(() => memory.Take(30 * Megabyte), TaskCreationOptions.LongRunning);
        SpinWait.SpinUntil(() => memory.Waiting == 2);
        Assert.False(second.IsCompleted || third.IsCompleted);

        first.Dispose();
        first.Dispose();
        IDisposable taken = (await second)!;
        Assert.False(third.IsCompleted);
        taken.Dispose();
        (await third)!.Dispose();
        memory.Take(100 * Megabyte)!.Dispose();
    }

    [Fact]
    public void Small_pictures_do_not_wait() => Assert.Null(new DecodingMemory(0).Take(DecodingMemory.SmallBytes));

    [TurboJpegFact]
    public void A_picture_that_never_fits_is_refused_with_what_it_takes_by_libjpeg_turbo() => Refused(new TurboJpegCodec(new DecodingMemory(30 * Megabyte)), "36 MB");

    // It decodes into four channels first.
    [Fact]
    public void A_picture_that_never_fits_is_refused_with_what_it_takes_by_SkiaSharp() => Refused(new SkiaJpegCodec(new DecodingMemory(30 * Megabyte)), "84 MB");

    [TurboJpegFact]
    public void Room_is_given_back_by_libjpeg_turbo() => GivesBack(new TurboJpegCodec(new DecodingMemory(40 * Megabyte)));

    [Fact]
    public void Room_is_given_back_by_SkiaSharp() => GivesBack(new SkiaJpegCodec(new DecodingMemory(90 * Megabyte)));

    // ITU-T T.81, A.1.1 and A.2.4: 4:2:0 of 100x67 has 13x9 blocks and twice 7x5; a decoder needs all coefficients of 16 bits at once where they come in scans.
    [Theory]
    [InlineData("baseline", 0)]
    [InlineData("gray", 0)]
    [InlineData("progressive", ((13 * 9) + (2 * 7 * 5)) * 64 * 2)]
    [InlineData("three_scans", ((13 * 9) + (2 * 7 * 5)) * 64 * 2)]
    public void Coefficients_are_counted_where_a_decoder_keeps_them(string name, long bytes)
    {
        Assert.True(JpegHeader.TryRead(OddJpegs.Read(name), JpegDecodeOptions.ForResizing, out JpegHeader? header, out _));
        Assert.Equal(bytes, header.CoefficientBytes);
    }

    private static void Refused(IJpegCodec codec, string takes)
    {
        Assert.False(codec.TryDecode(Large.Value, JpegDecodeOptions.ForResizing, out _, out PictureRefusal? refusal));
        Assert.Equal(
            (PictureFault.TooManyPixels, $"says that it is 4000x3000, which takes {takes} to decode, more than the 30 MB that this machine's memory allows"),
            (refusal.Fault, refusal.Detail));
    }

    private static void GivesBack(IJpegCodec codec)
    {
        byte[] damaged = [.. Large.Value[..^500], 0xFF, 0xD9];
        for (int i = 0; i < 3; i++)
        {
            Assert.True(codec.TryDecode(Large.Value, JpegDecodeOptions.ForResizing, out Picture? picture, out _));
            Assert.Equal(127, picture.Pixels[^1]);
            picture.Dispose();
            Assert.Throws<ObjectDisposedException>(() => picture.Pixels.Length);
            Assert.False(codec.TryDecode(damaged, JpegDecodeOptions.ForResizing, out _, out _));
        }
    }
}
