using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Koalarization.Records.Framing;

namespace Koalarization.Records.Tests.Framing;

public sealed class Crc32CTests
{
    public static TheoryData<byte[], uint> PublishedVectors => new()
    {
        { [], 0 },
        { Encoding.ASCII.GetBytes("123456789"), 0xE3069283 },
        { new byte[32], 0x8A9136AA },
        { [.. Enumerable.Repeat((byte)0xFF, 32)], 0x62A8AB43 },
        { [.. Enumerable.Range(0, 32).Select(i => (byte)i)], 0x46DD794E },
        { [.. Enumerable.Range(0, 32).Select(i => (byte)(31 - i))], 0x113FDB5C },
    };

    // RFC 3720, appendix B.4, and the usual check value of the CRC catalogue.
    [Theory]
    [MemberData(nameof(PublishedVectors))]
    public void Gives_the_published_checksums(byte[] data, uint expected)
    {
        Assert.Equal(expected, Crc32C.Compute(data));
        Assert.Equal(expected, ~Crc32CPortable.Update(uint.MaxValue, data));
    }

    [Fact]
    public void Both_implementations_agree_at_every_length_and_address_up_to_two_short_lanes()
    {
        Assert.True(Crc32CHardware.IsSupported, "This machine cannot test the hardware path.");
        byte[] data = new byte[1700];
        new Random(1).NextBytes(data);
        for (int length = 0; length < 1600; length++)
        {
            ReadOnlySpan<byte> part = data.AsSpan(length % 9, length);
            Assert.Equal(Crc32CPortable.Update((uint)length, part), Crc32CHardware.Update((uint)length, part));
        }
    }

    [Theory]
    [InlineData(12_287)]
    [InlineData(12_288)]
    [InlineData(12_289)]
    [InlineData(40_003)]
    [InlineData(1_076_956)]
    public void Both_implementations_agree_over_long_lanes(int length)
    {
        byte[] data = new byte[length];
        new Random(length).NextBytes(data);
        Assert.Equal(Crc32CPortable.Update(7, data), Crc32CHardware.Update(7, data));
    }

    [Property]
    public Property A_checksum_goes_on_where_another_ended(byte[] first, byte[] second) =>
        (Crc32C.Append(Crc32C.Compute(first), second) == Crc32C.Compute([.. first, .. second])).ToProperty();

    // From the header of an empty gzip-less TFRecord in golden: length 0's stored checksum.
    [Fact]
    public void Masks_as_TFRecord_stores_it()
    {
        byte[] file = Testing.Golden.Bytes("tfrecords/tensorflow_none.tfrecord");
        Assert.Equal(BitConverter.ToUInt32(file, 8), MaskedCrc32C.Compute(file.AsSpan(0, 8)));
    }
}
