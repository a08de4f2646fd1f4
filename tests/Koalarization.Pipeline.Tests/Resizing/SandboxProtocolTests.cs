using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Koalarization.Imaging.Jpeg;
using Koalarization.Imaging.Pixels;
using Koalarization.Pipeline.Resizing;

namespace Koalarization.Pipeline.Tests.Resizing;

/// <summary>The bytes are made by hand from the protocol's description.</summary>
public sealed class SandboxProtocolTests
{
    [Fact]
    public void A_picture_is_sent_behind_its_length()
    {
        using var output = new MemoryStream();
        using var buffered = new BufferedStream(output);
        SandboxProtocol.Send(new BinaryWriter(buffered), [7, 8, 9]);
        Assert.Equal([3, 0, 0, 0, 7, 8, 9], output.ToArray());
    }

    [Fact]
    public void The_child_is_ready_and_answers_each_picture_until_the_input_ends()
    {
        using var input = new MemoryStream([2, 0, 0, 0, (byte)'j', 40, 1, 0, 0, 0, (byte)'x', 2, 0, 0, 0, (byte)'j', 41]);
        using var output = new MemoryStream();
        SandboxProtocol.Serve(new InProcessResizer(new OnePixelCodec(), new PictureSize(1, 1), maxPixels: 9), input, output);
        Assert.Equal(
            [
                1,
                1, 4, 1, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, (byte)'J', 40,
                0, (byte)PictureFault.Damaged, 3, (byte)'b', (byte)'a', (byte)'d',
                1, 4, 1, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, (byte)'J', 41,
            ],
            output.ToArray());
    }

    [Fact]
    public void A_child_without_a_size_only_decodes()
    {
        using var input = new MemoryStream([2, 0, 0, 0, (byte)'j', 40]);
        using var output = new MemoryStream();
        SandboxProtocol.Serve(new InProcessResizer(new OnePixelCodec(), size: null, maxPixels: 9), input, output);
        Assert.Equal([1, 1, 4, 1, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0], output.ToArray());
    }

    [Fact]
    public void An_answer_is_received_as_it_was_written()
    {
        using var reader = new BinaryReader(new MemoryStream(
        [
            1,
            0, (byte)PictureFault.TooManyPixels, 3, (byte)'b', (byte)'i', (byte)'g',
            1, 4, 1, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 5,
        ]));
        SandboxProtocol.AwaitReady(reader);
        Assert.Equal(new PictureRefusal(PictureFault.TooManyPixels, "big"), SandboxProtocol.Receive(reader).Refusal);
        ResizedPicture resized = SandboxProtocol.Receive(reader);
        Assert.Equal((new PictureSize(260, 2), null), (resized.SourceSize, resized.Refusal));
        Assert.Equal([5], resized.Bytes.ToArray());
    }

    [Fact]
    public void An_answer_that_is_cut_off_at_any_byte_is_the_end_of_the_stream()
    {
        foreach (byte[] answer in new byte[][] { [1, 4, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 5, 6], [0, 2, 3, (byte)'b', (byte)'i', (byte)'g'] })
        {
            for (int length = 0; length < answer.Length; length++)
            {
                using var reader = new BinaryReader(new MemoryStream(answer[..length]));
                Assert.Throws<EndOfStreamException>(() => SandboxProtocol.Receive(reader));
            }
        }
    }

    [Fact]
    public void The_arguments_are_the_size_the_limit_and_the_rule_and_nought_where_pictures_are_only_decoded()
    {
        Assert.Equal(["300", "200", "5000000000", "2"], SandboxProtocol.Arguments(new PictureSize(300, 200), 5_000_000_000, PictureRule.EveryBlock));
        Assert.Equal(["0", "0", "7", "1"], SandboxProtocol.Arguments(size: null, 7, PictureRule.WithoutWarnings));
    }

    /// <summary>Decodes <c>j</c> and a byte to a picture of 260x2 whose pixels are that byte; encodes a picture as <c>J</c> and its first byte.</summary>
    private sealed class OnePixelCodec : IJpegCodec
    {
        public string Name => "one pixel";

        public bool TryDecode(
            ReadOnlySpan<byte> jpeg, JpegDecodeOptions options, [NotNullWhen(true)] out Picture? picture, [NotNullWhen(false)] out PictureRefusal? refusal)
        {
            Assert.Equal(JpegDecodeOptions.ForResizing with { MaxPixels = 9 }, options);
            if (jpeg[0] != 'j')
            {
                (picture, refusal) = (null, new PictureRefusal(PictureFault.Damaged, "bad"));
                return false;
            }

            (picture, refusal) = (Picture.Rent(260, 2, 3), null);
            picture.Pixels.Fill(jpeg[1]);
            return true;
        }

        public int Encode(Picture rgb, int quality, IBufferWriter<byte> destination)
        {
            destination.Write([(byte)'J', rgb.Pixels[0]]);
            return 2;
        }
    }
}
