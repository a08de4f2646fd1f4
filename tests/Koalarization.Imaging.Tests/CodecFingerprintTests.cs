using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Koalarization.Imaging.Jpeg;
using Koalarization.Imaging.Pixels;

namespace Koalarization.Imaging.Tests;

public class CodecFingerprintTests
{
    [TurboJpegFact]
    public void Is_the_same_every_time_and_another_one_for_the_fallback()
    {
        string turbo = CodecFingerprint.Compute(JpegCodecs.TurboJpeg);
        Assert.Matches("^[0-9a-f]{64}$", turbo);
        Assert.Equal(turbo, CodecFingerprint.Compute(JpegCodecs.TurboJpeg));
        Assert.NotEqual(turbo, CodecFingerprint.Compute(JpegCodecs.Skia));
    }

    [Theory]
    [InlineData(Change.FastDct)]
    [InlineData(Change.OnePixelOfCmyk)]
    [InlineData(Change.FileBytes)]
    [InlineData(Change.KeepsDamage)]
    public void Tells_a_codec_that_differs_in_one_thing(Change change) =>
        Assert.NotEqual(CodecFingerprint.Compute(JpegCodecs.Default), CodecFingerprint.Compute(new ChangedCodec(JpegCodecs.Default, change)));

    [Fact]
    public void An_unchanged_codec_in_other_clothes_has_the_same() =>
        Assert.Equal(CodecFingerprint.Compute(JpegCodecs.Default), CodecFingerprint.Compute(new ChangedCodec(JpegCodecs.Default, Change.Nothing)));

    [Theory]
    [InlineData(PictureFault.Empty, "eded7cc252c17b1c9f69d356b14f53e1f4600696")]
    [InlineData(PictureFault.NotJpeg, "e366598026597cf603dd24c91b8748dec175d2f6")]
    [InlineData(PictureFault.Damaged, "0a710e252dc1ba1e1154730483db5ff73d737a61")]
    [InlineData(PictureFault.TooManyPixels, "32acf84ec22f386ec133a10a52e1b8fea031e0bf")]
    public void Counts_each_refusal_by_a_number_of_its_own_that_never_changes(PictureFault fault, string beginning) =>
        Assert.Equal(beginning, CodecFingerprint.Compute(new RefusingCodec(fault))[..40]);

    [Fact]
    public void Has_a_number_for_every_fault_and_none_for_others()
    {
        PictureFault[] faults = Enum.GetValues<PictureFault>();
        Assert.Distinct(faults.Select(fault => CodecFingerprint.Compute(new RefusingCodec(fault))));
        Assert.Throws<ArgumentOutOfRangeException>(() => CodecFingerprint.Compute(new RefusingCodec(faults.Max() + 1)));
    }

    public enum Change
    {
        Nothing,
        FastDct,
        OnePixelOfCmyk,
        FileBytes,
        KeepsDamage,
    }

    private sealed class RefusingCodec(PictureFault fault) : IJpegCodec
    {
        public string Name => "refusing";

        public bool TryDecode(
            ReadOnlySpan<byte> jpeg,
            JpegDecodeOptions options,
            [NotNullWhen(true)] out Picture? picture,
            [NotNullWhen(false)] out PictureRefusal? refusal)
        {
            (picture, refusal) = (null, new PictureRefusal(fault, "is refused"));
            return false;
        }

        public int Encode(Picture rgb, int quality, IBufferWriter<byte> destination) => throw new NotSupportedException();
    }

    private sealed class ChangedCodec(IJpegCodec codec, Change change) : IJpegCodec
    {
        public string Name => "changed";

        public bool TryDecode(
            ReadOnlySpan<byte> jpeg,
            JpegDecodeOptions options,
            [NotNullWhen(true)] out Picture? picture,
            [NotNullWhen(false)] out PictureRefusal? refusal)
        {
            bool done = codec.TryDecode(jpeg, options, out picture, out refusal);
            if (done && change == Change.FastDct && options.Dct == DctMethod.Fast)
            {
                picture!.Pixels[0] ^= 1;
            }

            if (done && change == Change.OnePixelOfCmyk && options.Colour == JpegColour.Rgb)
            {
                picture!.Pixels[^1] ^= 1;
            }

            if (!done && change == Change.KeepsDamage && refusal!.Fault == PictureFault.Damaged)
            {
                picture = Picture.Rent(1, 1, 3);
                picture.Pixels.Clear();
                refusal = null;
                return true;
            }

#pragma warning disable CS8762 // One of the two is set, as the inner codec promises.
            return done;
#pragma warning restore CS8762
        }

        public int Encode(Picture rgb, int quality, IBufferWriter<byte> destination) =>
            codec.Encode(rgb, change == Change.FileBytes ? quality + 1 : quality, destination);
    }
}
