using System.Buffers.Binary;
using System.Text;
using Koalarization.Imaging.Jpeg;

namespace Koalarization.Imaging.Tests.Jpeg;

public class JpegMetadataTests
{
    [Fact]
    public void A_plain_picture_says_nothing() =>
        Assert.Equal(new JpegMetadata(Profile: null, Orientation: null), JpegMetadata.Read(GoldenPictures.Picture("coffee_500x375")));

    [Fact]
    public void Reads_the_orientation_of_EXIF() =>
        Assert.Equal(new JpegMetadata(Profile: null, Orientation: 6), JpegMetadata.Read(GoldenPictures.Picture("raccoon_400x300_exif_rotated")));

    [Theory]
    [InlineData("Adobe RGB (1998)", "Adobe RGB (1998)")]
    [InlineData("", "unnamed")]
    [InlineData("a\tb,\"c\"\u001B", "a b c")]
    public void Reads_the_name_of_a_profile_of_version_2(string name, string expected)
    {
        byte[] text = Encoding.ASCII.GetBytes(name + "\0");
        Assert.Equal(expected, JpegMetadata.Read(WithProfile([.. "desc"u8, 0, 0, 0, 0, .. Number(text.Length), .. text])).Profile);
    }

    [Fact]
    public void Reads_the_name_of_a_profile_of_version_4()
    {
        byte[] text = Encoding.BigEndianUnicode.GetBytes("Display P3");
        byte[] tag = [.. "mluc"u8, 0, 0, 0, 0, .. Number(1), .. Number(12), .. "enUS"u8, .. Number(text.Length), .. Number(28), .. text];
        Assert.Equal("Display P3", JpegMetadata.Read(WithProfile(tag)).Profile);
    }

    [Fact]
    public void A_profile_in_two_segments_is_put_together_by_their_numbers()
    {
        byte[] profile = Profile([.. "desc"u8, 0, 0, 0, 0, .. Number(5), .. "ProPh\0"u8]);
        byte[] jpeg = GoldenPictures.Picture("one_pixel");
        byte[] first = Segment(0xE2, [.. "ICC_PROFILE\0"u8, 1, 2, .. profile[..140]]), second = Segment(0xE2, [.. "ICC_PROFILE\0"u8, 2, 2, .. profile[140..]]);
        Assert.Equal("ProPh", JpegMetadata.Read(JpegParts.With(jpeg, 2, [.. second, .. first])).Profile);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Adobe_RGB_may_be_told_by_EXIF_alone(bool byInteroperability)
    {
        // Orientation 3, and a sub-directory with either the colour space 2 or an interoperability directory with R03.
        byte[] exif = byInteroperability
            ? [.. Entry(0xA005, 4, 44 + 18)]
            : [.. Entry(0xA001, 3, 2 << 16)];
        byte[] tiff =
        [
            .. "MM\0*"u8, .. Number(8),
            0, 2, .. Entry(0x0112, 3, 3 << 16), .. Entry(0x8769, 4, 44), .. Number(0), 0, 0, 0, 0, 0, 0,
            0, 1, .. exif, .. Number(0),
            0, 1, .. Entry(1, 2, BinaryPrimitives.ReadInt32BigEndian("R03\0"u8)), .. Number(0),
        ];
        byte[] jpeg = JpegParts.With(GoldenPictures.Picture("one_pixel"), 2, Segment(0xE1, [.. "Exif\0\0"u8, .. tiff]));
        Assert.Equal(new JpegMetadata("Adobe RGB (EXIF)", 3), JpegMetadata.Read(jpeg));
    }

    [Fact]
    public void Any_bytes_end_in_an_answer()
    {
        var random = new Random(1);
        byte[] jpeg = WithProfile([.. "mluc"u8, 0, 0, 0, 0, .. Number(1), .. Number(12), .. "enUS"u8, .. Number(8), .. Number(28), 0, 65, 0, 66]);
        byte[] rotated = GoldenPictures.Picture("raccoon_400x300_exif_rotated");
        for (int i = 0; i < 3000; i++)
        {
            byte[] copy = [.. (i % 2 == 0 ? jpeg : rotated).Take(400)];
            copy[random.Next(2, copy.Length)] = (byte)random.Next(256);
            copy[random.Next(2, copy.Length)] = 0xFF;
            Assert.NotNull(JpegMetadata.Read(copy.AsSpan(0, random.Next(copy.Length))));
        }
    }

    private static byte[] WithProfile(byte[] description) =>
        JpegParts.With(GoldenPictures.Picture("one_pixel"), 2, Segment(0xE2, [.. "ICC_PROFILE\0"u8, 1, 1, .. Profile(description)]));

    private static byte[] Profile(byte[] description) =>
        [.. new byte[128], .. Number(1), .. "desc"u8, .. Number(144), .. Number(description.Length), .. description];

    private static byte[] Segment(byte marker, byte[] body) => [0xFF, marker, (byte)((body.Length + 2) >> 8), (byte)(body.Length + 2), .. body];

    private static byte[] Entry(int tag, int type, int value) => [(byte)(tag >> 8), (byte)tag, 0, (byte)type, .. Number(1), .. Number(value)];

    private static byte[] Number(int value)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
