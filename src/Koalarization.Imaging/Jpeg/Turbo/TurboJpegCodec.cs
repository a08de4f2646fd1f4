using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Koalarization.Imaging.Colour;
using Koalarization.Imaging.Pixels;

namespace Koalarization.Imaging.Jpeg.Turbo;

/// <summary>libjpeg-turbo through its TurboJPEG 2 API: the library whose pixels and bytes the original's are.</summary>
internal sealed unsafe class TurboJpegCodec : IJpegCodec
{
    // A file with more faults than this is not worth the time.
    private const int MaxTries = 32;

    public string Name { get; } = TurboJpegVersion.Read();

    public bool TryDecode(
        ReadOnlySpan<byte> jpeg,
        JpegDecodeOptions options,
        [NotNullWhen(true)] out Picture? picture,
        [NotNullWhen(false)] out PictureRefusal? refusal)
    {
        picture = null;
        if (!JpegHeader.TryRead(jpeg, options.MaxPixels, out JpegHeader? header, out refusal))
        {
            return false;
        }

        int channels = options.Colour == JpegColour.Rgb && header.Components != 4 ? 3 : header.Components;
        Picture decoded = Picture.Rent(header.Size.Width, header.Size.Height, channels);
        if (DecodeWhole(jpeg, header, decoded, options.Dct) is { } fault)
        {
            decoded.Dispose();
            refusal = new PictureRefusal(PictureFault.Damaged, fault);
            return false;
        }

        picture = options.Colour == JpegColour.Rgb && channels == 4 ? CmykConverter.ToRgb(decoded, header.HasAdobeSegment) : decoded;
        return true;
    }

    public int Encode(Picture rgb, int quality, IBufferWriter<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(rgb.Channels, 3, nameof(rgb));
        ArgumentOutOfRangeException.ThrowIfLessThan(quality, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quality, 100);
        int capacity = checked((int)TurboJpegNative.BufferBytes(rgb.Width, rgb.Height, TurboJpegNative.Sampling420));
        byte[] buffer = ArrayPool<byte>.Shared.Rent(capacity);
        using TurboJpegHandle handle = TurboJpegHandle.ForCompressing();
        nuint bytes = (nuint)capacity;
        fixed (byte* pixels = rgb.Pixels, jpeg = buffer)
        {
            byte* start = jpeg;
            int result = TurboJpegNative.Compress(
                handle, pixels, rgb.Width, rgb.RowBytes, rgb.Height, TurboJpegNative.PixelFormatRgb, &start, &bytes,
                TurboJpegNative.Sampling420, quality, TurboJpegNative.FlagAccurateDct | TurboJpegNative.FlagNoRealloc);
            if (result != 0)
            {
                throw new JpegLibraryException(Name, $"encoding a picture of {rgb.Size}", handle.ErrorText);
            }
        }

        destination.Write(buffer.AsSpan(0, (int)bytes));
        ArrayPool<byte>.Shared.Return(buffer);
        return (int)bytes;
    }

    // Null, or what is wrong with the bytes.
    private string? DecodeWhole(ReadOnlySpan<byte> jpeg, JpegHeader header, Picture picture, DctMethod dct)
    {
        string? warning = DecodeOnce(jpeg, picture, dct);
        if (warning is null || TurboJpegWarning.ReadExtraneous(warning) is not { } extraneous)
        {
            return warning;
        }

        if (IsLastWarning(extraneous, header))
        {
            return null;
        }

        // Only the first warning is reported, so a real fault may hide behind this one.
        byte[]? cut = ExtraneousBytes.CutGaps(jpeg);
        if (cut is not null)
        {
            warning = DecodeOnce(cut, picture, dct);
            if (warning is null || TurboJpegWarning.ReadExtraneous(warning) is not { } next)
            {
                return warning;
            }

            if (IsLastWarning(next, header))
            {
                return null;
            }

            extraneous = next;
        }

        int tries = MaxTries;
        return DecodeWithoutTails(cut ?? jpeg.ToArray(), header, picture, dct, extraneous, ref tries) ? null : warning;
    }

    // The bytes of a warning are at the end of some scan or restart interval: tries each, and continues with the next such warning.
    private bool DecodeWithoutTails(byte[] jpeg, JpegHeader header, Picture picture, DctMethod dct, TurboJpegWarning extraneous, ref int tries)
    {
        foreach (byte[] candidate in ExtraneousBytes.CutBeforeEach(jpeg, extraneous))
        {
            if (tries-- <= 0)
            {
                return false;
            }

            string? warning = DecodeOnce(candidate, picture, dct);
            TurboJpegWarning? next = warning is null ? null : TurboJpegWarning.ReadExtraneous(warning);
            if (warning is null || (next is { } last && IsLastWarning(last, header)))
            {
                return true;
            }

            if (next is { } another && DecodeWithoutTails(candidate, header, picture, dct, another, ref tries))
            {
                return true;
            }
        }

        return false;
    }

    // Behind the end of the image nothing is decoded any more; with restart markers an early EOI could be met in their place.
    private static bool IsLastWarning(TurboJpegWarning warning, JpegHeader header) =>
        warning.Marker == JpegMarker.EndOfImage && !header.HasRestarts;

    // Null, or the first warning or the error in libjpeg's words.
    private string? DecodeOnce(ReadOnlySpan<byte> jpeg, Picture picture, DctMethod dct)
    {
        using TurboJpegHandle handle = TurboJpegHandle.ForDecompressing();
        int format = picture.Channels switch
        {
            1 => TurboJpegNative.PixelFormatGray,
            3 => TurboJpegNative.PixelFormatRgb,
            _ => TurboJpegNative.PixelFormatCmyk,
        };
        int flags = TurboJpegNative.FlagLimitScans
            | (dct == DctMethod.Fast ? TurboJpegNative.FlagFastDct : TurboJpegNative.FlagAccurateDct);
        int result;
        fixed (byte* source = jpeg, pixels = picture.Pixels)
        {
            // The library scales down rather than write more than the width and height given here.
            result = TurboJpegNative.Decompress(
                handle, source, (nuint)jpeg.Length, pixels, picture.Width, picture.RowBytes, picture.Height, format, flags);
        }

        if (result == 0)
        {
            return null;
        }

        string text = handle.ErrorText;
        return text.Contains("Insufficient memory", StringComparison.Ordinal)
            ? throw new JpegLibraryException(Name, $"decoding a picture of {picture.Size}", text)
            : DamageText.FromLibrary(text);
    }
}
