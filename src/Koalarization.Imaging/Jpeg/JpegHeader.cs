using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Koalarization.Imaging.Pixels;

namespace Koalarization.Imaging.Jpeg;

/// <summary>What a JPEG says of itself before its first scan; read without a decoder and without taking memory.</summary>
/// <param name="Size">Width and height, both at least 1.</param>
/// <param name="Components">1, 3 or 4.</param>
/// <param name="HasAdobeSegment">Whether an APP14 "Adobe" segment precedes the first scan.</param>
/// <param name="HasRestarts">Whether the restart interval is not zero at the first scan.</param>
/// <param name="IsArithmetic">Whether it is coded arithmetically.</param>
/// <param name="CoefficientBytes">What a decoder keeps of a picture in several scans, besides its pixels: a 16-bit number for each sample.</param>
internal sealed record JpegHeader(PictureSize Size, int Components, bool HasAdobeSegment, bool HasRestarts, bool IsArithmetic, long CoefficientBytes)
{
    /// <summary>Scans at which libjpeg-turbo stops.</summary>
    public const int MaxScans = 500;

    // Encoders write about ten.
    private const int DefaultScans = 32;
    private const long MaxScannedPixels = 500_000_000;
    private const int ArithmeticBlocksInBit = 4096;
    private const int BytesOfBlock = 64 * sizeof(short);

    /// <summary>Reads the header and refuses what cannot be a complete 8-bit JPEG of 1, 3 or 4 components, coded as the rule allows.</summary>
    public static bool TryRead(
        ReadOnlySpan<byte> jpeg,
        JpegDecodeOptions options,
        [NotNullWhen(true)] out JpegHeader? header,
        [NotNullWhen(false)] out PictureRefusal? refusal)
    {
        header = null;
        refusal = FileKind.RefuseUnlessJpeg(jpeg);
        if (refusal is not null)
        {
            return false;
        }

        ReadOnlySpan<byte> frame = default;
        byte frameMarker = 0;
        bool adobe = false;
        bool restarts = false;
        var walker = new JpegWalker(jpeg, passesShortSegments: options.Rule >= PictureRule.EveryBlock);
        while (walker.MoveNext())
        {
            JpegSegment segment = walker.Current;
            ReadOnlySpan<byte> body = jpeg[segment.Body];
            switch (segment.Marker)
            {
                case byte marker when JpegMarker.IsStartOfFrame(marker):
                    if (frameMarker != 0)
                    {
                        refusal = Damaged("has two frame headers before its first scan");
                        return false;
                    }

                    frameMarker = marker;
                    frame = body;
                    break;
                case JpegMarker.AdobeSegment:
                    adobe |= body.Length >= 12 && body.StartsWith("Adobe"u8);
                    break;
                case JpegMarker.RestartInterval:
                    restarts = body.Length >= 2 && (body[0] | body[1]) != 0;
                    break;
                case JpegMarker.EndOfImage:
                    refusal = Damaged("ends without a scan");
                    return false;
                case JpegMarker.StartOfScan:
                    refusal = frameMarker == 0
                        ? Damaged("has a scan before its frame header")
                        : JudgeFrame(frameMarker, frame, jpeg.Length - segment.Body.End.Value, options)
                            ?? JudgeScans(walker, SizeOf(frame))
                            ?? (options.Rule >= PictureRule.EveryBlock ? JudgeComponents(walker, jpeg, frameMarker, frame) : null);
                    if (refusal is null)
                    {
                        bool isInOneScan = !JpegMarker.IsProgressive(frameMarker) && body.Length > 0 && body[0] == frame[5];
                        header = new JpegHeader(
                            SizeOf(frame), frame[5], adobe, restarts, JpegMarker.IsArithmetic(frameMarker), isInOneScan ? 0 : BlocksOf(frame) * BytesOfBlock);
                    }

                    return header is not null;
            }
        }

        refusal = JudgeTruncatedHeader(frameMarker, frame, options);
        return false;
    }

    private static PictureRefusal JudgeTruncatedHeader(byte frameMarker, ReadOnlySpan<byte> frame, JpegDecodeOptions options)
    {
        PictureRefusal? refusal = frameMarker == 0 ? null : JudgeFrame(frameMarker, frame, int.MaxValue, options);
        return refusal ?? Damaged("ends before its first scan");
    }

    private static PictureRefusal? JudgeFrame(byte marker, ReadOnlySpan<byte> frame, int scanBytes, JpegDecodeOptions options)
    {
        if (marker > JpegMarker.StartOfFrameProgressive && !(options.Rule >= PictureRule.EveryBlock && JpegMarker.IsArithmetic(marker)))
        {
            return Damaged(marker is 0xC3 or 0xC7 or 0xCB or 0xCF
                ? "is coded lossless, which is not read"
                : marker >= 0xC9 ? "is coded arithmetically, which is not read" : "is coded hierarchically, which is not read");
        }

        if (frame.Length < 6 || frame.Length != 6 + (3 * frame[5]))
        {
            return Damaged("has a frame header of the wrong length");
        }

        if (frame[0] != 8)
        {
            return Damaged($"has {frame[0]} bits a sample, not 8");
        }

        PictureSize size = SizeOf(frame);
        if (size.Width == 0 || size.Height == 0)
        {
            return Damaged($"says that it is {size}");
        }

        if (size.PixelCount > options.MaxPixels)
        {
            return new PictureRefusal(PictureFault.TooManyPixels, $"says that it is {size}, more than {options.MaxPixels} pixels");
        }

        if (frame[5] is not (1 or 3 or 4))
        {
            return Damaged($"has {frame[5]} components, not 1, 3 or 4");
        }

        return JudgeRoom(marker, frame, scanBytes)
            ?? (Picture.CanHold(size, Math.Max(3, (int)frame[5]))
                ? null
                : new PictureRefusal(PictureFault.TooManyPixels, $"says that it is {size}, more than 2 GB of pixels"));
    }

    // Every 8x8 block has a Huffman code of at least one bit for its DC, and in one pass another that ends its AC: fewer bits cannot be a
    // whole picture, so a small file that claims a large one costs no memory.
    private static PictureRefusal? JudgeRoom(byte marker, ReadOnlySpan<byte> frame, int scanBytes)
    {
        for (int at = 6; at < frame.Length; at += 3)
        {
            int across = frame[at + 1] >> 4;
            int down = frame[at + 1] & 15;
            if (across is < 1 or > 4 || down is < 1 or > 4)
            {
                return Damaged($"has sampling factors {across}x{down}");
            }
        }

        long blocks = BlocksOf(frame);

        // The arithmetic decisions of a flat picture cost next to nothing: 16 white megapixels are some 16 bytes.
        long fewestBits = JpegMarker.IsArithmetic(marker) ? blocks / ArithmeticBlocksInBit : marker == JpegMarker.StartOfFrameProgressive ? blocks : 2 * blocks;
        return fewestBits > 8L * scanBytes ? Damaged("ends before its last row") : null;
    }

    private static long BlocksOf(ReadOnlySpan<byte> frame)
    {
        PictureSize size = SizeOf(frame);
        int maxAcross = 1;
        int maxDown = 1;
        for (int at = 6; at < frame.Length; at += 3)
        {
            maxAcross = Math.Max(maxAcross, frame[at + 1] >> 4);
            maxDown = Math.Max(maxDown, frame[at + 1] & 15);
        }

        long blocks = 0;
        for (int at = 6; at < frame.Length; at += 3)
        {
            long width = DivideUp((long)size.Width * (frame[at + 1] >> 4), maxAcross);
            long height = DivideUp((long)size.Height * (frame[at + 1] & 15), maxDown);
            blocks += DivideUp(width, 8) * DivideUp(height, 8);
        }

        return blocks;
    }

    // Each scan of a few bytes may make the decoder visit every block: a small file could keep it busy for minutes.
    private static PictureRefusal? JudgeScans(JpegWalker atFirstScan, PictureSize size)
    {
        if (size.PixelCount * MaxScans <= MaxScannedPixels)
        {
            return null;
        }

        int scans = atFirstScan.ScansFromHere();
        return scans > DefaultScans && scans * size.PixelCount > MaxScannedPixels
            ? Damaged($"has {scans} scans, too many for {size}")
            : null;
    }

    // The library decodes a component without a scan to the middle of its range, and says nothing.
    private static PictureRefusal? JudgeComponents(JpegWalker atFirstScan, ReadOnlySpan<byte> jpeg, byte frameMarker, ReadOnlySpan<byte> frame)
    {
        bool isProgressive = JpegMarker.IsProgressive(frameMarker);
        int components = frame[5], missing = (1 << components) - 1;
        do
        {
            ReadOnlySpan<byte> scan = jpeg[atFirstScan.Current.Body];
            if (atFirstScan.Current.Marker != JpegMarker.StartOfScan || scan.Length < 4 || scan.Length != 4 + (2 * scan[0]))
            {
                continue;
            }

            for (int i = 0; i < scan[0] && (!isProgressive || scan[^3] == 0); i++)
            {
                for (int component = i; component < components; component++)
                {
                    missing &= frame[6 + (3 * component)] == scan[1 + (2 * i)] ? ~(1 << component) : ~0;
                }
            }
        }
        while (missing != 0 && atFirstScan.MoveNext() && atFirstScan.Current.Marker != JpegMarker.EndOfImage);

        return missing == 0 ? null : Damaged("has no data for one of its components");
    }

    private static long DivideUp(long value, int divisor) => (value + divisor - 1) / divisor;

    private static PictureSize SizeOf(ReadOnlySpan<byte> frame) =>
        new(BinaryPrimitives.ReadUInt16BigEndian(frame[3..]), BinaryPrimitives.ReadUInt16BigEndian(frame[1..]));

    private static PictureRefusal Damaged(string detail) => new(PictureFault.Damaged, detail);
}
