using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Koalarization.Imaging.Jpeg.Scans;
using Koalarization.Imaging.Pixels;
using SkiaSharp;

namespace Koalarization.Imaging.Jpeg.Skia;

/// <summary>
/// SkiaSharp, where libturbojpeg is not installed: the same pixels for gray and YCbCr with the accurate DCT. It has no fast DCT (decodes
/// accurately instead), turns CMYK to RGB in its own way (3 channels even as stored), and writes other file bytes. It does
/// not tell of lost data and has no arithmetic coding: it gets a copy of what was gone through first.
/// </summary>
/// <param name="memory">In which large pictures are decoded.</param>
internal sealed class SkiaJpegCodec(DecodingMemory memory) : IJpegCodec
{
    public string Name { get; } = $"SkiaSharp {typeof(SKCodec).Assembly.GetName().Version?.ToString(3)}";

    public bool TryDecode(
        ReadOnlySpan<byte> jpeg,
        JpegDecodeOptions options,
        [NotNullWhen(true)] out Picture? picture,
        [NotNullWhen(false)] out PictureRefusal? refusal)
    {
        picture = null;
        if (!JpegHeader.TryRead(jpeg, options, out JpegHeader? header, out refusal))
        {
            return false;
        }

        if (options.Rule == PictureRule.WithoutWarnings)
        {
            return TryDecode(jpeg, header, options, out picture, out refusal);
        }

        // The library does not tell of lost data.
        WholeJpeg whole = WholeJpeg.Read(jpeg, header);
        refusal = whole.Fault is null ? null : Damaged(whole.Fault);
        return refusal is null && TryDecode(whole.Copy.Span, header, options, out picture, out refusal);
    }

    private unsafe bool TryDecode(
        ReadOnlySpan<byte> jpeg,
        JpegHeader header,
        JpegDecodeOptions options,
        [NotNullWhen(true)] out Picture? picture,
        [NotNullWhen(false)] out PictureRefusal? refusal)
    {
        picture = null;
        fixed (byte* bytes = jpeg)
        {
            using SKData data = SKData.Create((nint)bytes, jpeg.Length);
            using SKCodec? codec = SKCodec.Create(data);
            refusal = codec is null || codec.EncodedFormat != SKEncodedImageFormat.Jpeg
                ? Damaged("does not decode")
                : codec.Info.Width != header.Size.Width || codec.Info.Height != header.Size.Height
                    ? Damaged("has two sizes")
                    : null;
            if (refusal is not null)
            {
                return false;
            }

            // A bitmap of the library's, and a copy of three channels.
            bool gray = header.Components == 1;
            long need = (header.Size.PixelCount * (gray ? 1 + 3 : 4 + 3)) + header.CoefficientBytes;
            refusal = memory.Refuse(header.Size, need);
            if (refusal is not null)
            {
                return false;
            }

            using IDisposable? room = memory.Take(need);
            using var bitmap = new SKBitmap();
            var info = new SKImageInfo(
                header.Size.Width, header.Size.Height, gray ? SKColorType.Gray8 : SKColorType.Rgba8888, SKAlphaType.Opaque);
            if (!bitmap.TryAllocPixels(info))
            {
                throw new JpegLibraryException(Name, $"decoding a picture of {header.Size}", "no memory");
            }

            SKCodecResult result = codec!.GetPixels(info, bitmap.GetPixels());
            if (result != SKCodecResult.Success)
            {
                refusal = Damaged(result == SKCodecResult.IncompleteInput ? "ends before its last row" : $"does not decode ({result})");
                return false;
            }

            picture = Unpack(bitmap, gray, options.Colour);
            return true;
        }
    }

    public int Encode(Picture rgb, int quality, IBufferWriter<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(rgb.Channels, 3, nameof(rgb));
        ArgumentOutOfRangeException.ThrowIfLessThan(quality, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quality, 100);
        using var bitmap = new SKBitmap(rgb.Width, rgb.Height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        Pack(rgb, bitmap);
        using SKPixmap pixels = bitmap.PeekPixels();
        using SKData data = pixels.Encode(new SKJpegEncoderOptions(quality, SKJpegEncoderDownsample.Downsample420, SKJpegEncoderAlphaOption.Ignore))
            ?? throw new JpegLibraryException(Name, $"encoding a picture of {rgb.Size}", "no data");
        destination.Write(data.AsSpan());
        return (int)data.Size;
    }

    private static Picture Unpack(SKBitmap bitmap, bool gray, JpegColour colour)
    {
        Picture picture = Picture.Rent(bitmap.Width, bitmap.Height, gray && colour == JpegColour.AsStored ? 1 : 3);
        ReadOnlySpan<byte> pixels = bitmap.GetPixelSpan();
        int sourceChannels = gray ? 1 : 4;
        for (int y = 0; y < picture.Height; y++)
        {
            ReadOnlySpan<byte> from = pixels.Slice(y * bitmap.RowBytes, bitmap.Width * sourceChannels);
            Span<byte> to = picture.Row(y);
            for (int x = 0; x < picture.Width; x++)
            {
                for (int channel = 0; channel < picture.Channels; channel++)
                {
                    to[(x * picture.Channels) + channel] = from[(x * sourceChannels) + (gray ? 0 : channel)];
                }
            }
        }

        return picture;
    }

    private static void Pack(Picture rgb, SKBitmap bitmap)
    {
        Span<byte> pixels = bitmap.GetPixelSpan();
        for (int y = 0; y < rgb.Height; y++)
        {
            ReadOnlySpan<byte> from = rgb.Row(y);
            Span<byte> to = pixels[(y * bitmap.RowBytes)..];
            for (int i = 0, o = 0; i < from.Length; i += 3, o += 4)
            {
                to[o] = from[i];
                to[o + 1] = from[i + 1];
                to[o + 2] = from[i + 2];
                to[o + 3] = 255;
            }
        }
    }

    private static PictureRefusal Damaged(string detail) => new(PictureFault.Damaged, detail);
}
