using FsCheck.Xunit;
using Koalarization.Imaging.Jpeg;
using Koalarization.Imaging.Pixels;

namespace Koalarization.Imaging.Tests.Jpeg;

public class DamagedBytesTests
{
    private const int EndMarkerBytes = 2;

    public static TheoryData<bool> Codecs => JpegCodecs.TurboJpegIsAvailable ? new TheoryData<bool>(true, false) : new TheoryData<bool>(false);

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Every_prefix_that_lacks_more_than_the_end_marker_is_refused(bool turbo)
    {
        byte[] jpeg = GoldenPictures.Picture("coffee_7x5_enlarged");
        for (int length = 0; length < jpeg.Length - EndMarkerBytes; length++)
        {
            Assert.False(Codec(turbo).TryDecode(jpeg.AsSpan(0, length), JpegDecodeOptions.ForResizing, out _, out PictureRefusal? refusal));
            Assert.Equal(length == 0 ? PictureFault.Empty : length < 3 ? PictureFault.NotJpeg : PictureFault.Damaged, refusal.Fault);
        }
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Every_flipped_bit_ends_in_a_picture_or_a_refusal(bool turbo)
    {
        byte[] jpeg = GoldenPictures.Picture("coffee_7x5_enlarged");
        int refused = 0;
        for (int bit = 0; bit < 8 * jpeg.Length; bit++)
        {
            byte[] copy = [.. jpeg];
            copy[bit / 8] ^= (byte)(1 << (bit % 8));
            refused += DecodesOrIsRefused(Codec(turbo), copy) ? 0 : 1;
        }

        Assert.InRange(refused, 100, (8 * jpeg.Length) - 100);
        AssertStillDecodes(turbo);
    }

    [Property(MaxTest = 300)]
    public bool Noise_with_a_JPEG_s_beginning_is_refused(byte[] noise) =>
        !DecodesOrIsRefused(JpegCodecs.Default, [0xFF, 0xD8, 0xFF, .. noise]);

    [Property(MaxTest = 300)]
    public void Bytes_changed_anywhere_end_in_a_picture_or_a_refusal(ushort[] places, byte value)
    {
        byte[] jpeg = GoldenPictures.Picture("astronaut_333x251_restart");
        foreach (ushort place in places)
        {
            jpeg[place % jpeg.Length] = value;
        }

        DecodesOrIsRefused(JpegCodecs.Default, jpeg);
    }

    [TurboJpegFact]
    public void A_fault_that_hides_behind_extraneous_bytes_is_seen()
    {
        byte[] jpeg = Golden.Bytes("bad/extraneous_bytes.jpeg");
        AssertDamaged(jpeg.AsSpan(0, jpeg.Length - 100));
        byte[] flipped = WithGap(Golden.Bytes("bad/flipped_bits.jpeg"));
        AssertDamaged(flipped);
    }

    [TurboJpegFact]
    public void Extraneous_bytes_in_many_places_are_harmless()
    {
        byte[] jpeg = GoldenPictures.Picture("raccoon_1024x768_progressive");
        using Picture expected = GoldenPictures.Decode(JpegCodecs.TurboJpeg, jpeg, JpegDecodeOptions.ForResizing);
        using Picture found = GoldenPictures.Decode(JpegCodecs.TurboJpeg, WithGap(WithGap(jpeg)), JpegDecodeOptions.ForResizing);
        Assert.True(expected.Pixels.SequenceEqual(found.Pixels));
    }

    [TurboJpegTheory]
    [InlineData("coffee_500x375", 0xD9)]
    [InlineData("raccoon_1024x768_progressive", 0xC4)]
    [InlineData("astronaut_333x251_restart", 0xD3)]
    [InlineData("astronaut_333x251_restart", 0xD9)]
    public void Extraneous_bytes_at_the_end_of_a_scan_are_harmless_and_hide_nothing(string name, byte marker)
    {
        byte[] jpeg = GoldenPictures.Picture(name);
        int at = jpeg.AsSpan(jpeg.Length / 3).IndexOf([(byte)0xFF, marker]) + (jpeg.Length / 3);
        byte[] longer = [.. jpeg.AsSpan(0, at), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, .. jpeg.AsSpan(at)];
        using Picture expected = GoldenPictures.Decode(JpegCodecs.TurboJpeg, jpeg, JpegDecodeOptions.ForResizing);
        using Picture found = GoldenPictures.Decode(JpegCodecs.TurboJpeg, longer, JpegDecodeOptions.ForResizing);
        Assert.True(expected.Pixels.SequenceEqual(found.Pixels));
        AssertDamaged(longer.AsSpan(0, longer.Length - 22));
    }

    [Fact]
    public void A_small_file_that_claims_a_large_picture_takes_no_memory()
    {
        byte[] jpeg = Golden.Bytes("bad/claims_65500x65500.jpeg");
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.False(JpegCodecs.Default.TryDecode(jpeg, JpegDecodeOptions.ForResizing with { MaxPixels = long.MaxValue }, out _, out PictureRefusal? refusal));
        Assert.Equal(PictureFault.Damaged, refusal.Fault);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [TurboJpegFact]
    public void The_decoder_stops_at_500_scans() =>
        Assert.Contains("500 scans", Refusal(WithLastScanRepeated("raccoon_1024x768_progressive", 1000)).Detail, StringComparison.Ordinal);

    [TurboJpegFact]
    public void A_large_picture_of_many_scans_is_refused_before_it_costs_minutes() =>
        Assert.Equal("has 201 scans, too many for 1999x1333", Refusal(WithLastScanRepeated("coffee_1999x1333_large", 200)).Detail);

    private static byte[] WithLastScanRepeated(string name, int times)
    {
        byte[] jpeg = GoldenPictures.Picture(name);
        int scan = jpeg.AsSpan().LastIndexOf([(byte)0xFF, (byte)0xDA]);
        byte[] tables = jpeg[..^2];
        byte[] lastScan = jpeg[scan..Math.Min(scan + 2000, jpeg.Length - 2)];
        return [.. tables, .. Enumerable.Repeat(lastScan, times).SelectMany(bytes => bytes), 0xFF, 0xD9];
    }

    private static IJpegCodec Codec(bool turbo) => turbo ? JpegCodecs.TurboJpeg : JpegCodecs.Skia;

    private static void AssertStillDecodes(bool turbo) =>
        GoldenPictures.Decode(Codec(turbo), GoldenPictures.Picture("one_pixel"), JpegDecodeOptions.ForResizing).Dispose();

    private static void AssertDamaged(ReadOnlySpan<byte> jpeg) => Refusal(jpeg);

    private static PictureRefusal Refusal(ReadOnlySpan<byte> jpeg)
    {
        Assert.False(JpegCodecs.TurboJpeg.TryDecode(jpeg, JpegDecodeOptions.ForResizing, out _, out PictureRefusal? refusal));
        Assert.Equal(PictureFault.Damaged, refusal.Fault);
        return refusal;
    }

    private static bool DecodesOrIsRefused(IJpegCodec codec, byte[] jpeg)
    {
        bool done = codec.TryDecode(jpeg, JpegDecodeOptions.ForResizing with { MaxPixels = 1_000_000 }, out Picture? picture, out PictureRefusal? refusal);
        Assert.Equal(done, picture is not null);
        Assert.Equal(done, refusal is null);
        picture?.Dispose();
        return done;
    }

    // Three stray bytes before the segment behind the first one.
    private static byte[] WithGap(byte[] jpeg)
    {
        int at = 4 + ((jpeg[4] << 8) | jpeg[5]);
        return [.. jpeg.AsSpan(0, at), 1, 2, 3, .. jpeg.AsSpan(at)];
    }
}
