using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Koalarization.Imaging.Colour;
using Koalarization.Imaging.Jpeg.Scans;
using Koalarization.Imaging.Pixels;

namespace Koalarization.Imaging.Jpeg.Turbo;

/// <summary>libjpeg-turbo through its TurboJPEG 2 API: the library whose pixels and bytes the original's are.</summary>
/// <param name="memory">In which large pictures are decoded.</param>
internal sealed unsafe class TurboJpegCodec(DecodingMemory memory) : IJpegCodec
{
    private static readonly SearchValues<byte> VersionBytes = SearchValues.Create("0123456789."u8);

    public string Name { get; } = ReadVersion();

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

        int channels = options.Colour == JpegColour.Rgb && header.Components != 4 ? 3 : header.Components;
        bool becomesRgb = options.Colour == JpegColour.Rgb && channels == 4;
        long need = (header.Size.PixelCount * (becomesRgb ? channels + 3 : channels)) + header.CoefficientBytes;
        refusal = memory.Refuse(header.Size, need);
        if (refusal is not null)
        {
            return false;
        }

        Picture decoded = Picture.Rent(header.Size.Width, header.Size.Height, channels, memory.Take(need));
        string? fault;
        try
        {
            fault = options.Rule == PictureRule.WithoutWarnings
                ? new DecodingWithoutWarnings(this, header, decoded, options.Dct).Decode(jpeg)
                : DecodeEveryBlock(jpeg, header, decoded, options.Dct);
        }
        catch
        {
            decoded.Dispose();
            throw;
        }

        if (fault is not null)
        {
            decoded.Dispose();
            refusal = new PictureRefusal(PictureFault.Damaged, fault);
            return false;
        }

        picture = becomesRgb ? CmykConverter.ToRgb(decoded, header.HasAdobeSegment) : decoded;
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

    // Null, or what is wrong with the bytes. Most are decoded without a warning, and only the others are looked at; of arithmetic coding
    // some builds of the library have no decoder, and the others do not tell of lost data.
    private string? DecodeEveryBlock(ReadOnlySpan<byte> jpeg, JpegHeader header, Picture picture, DctMethod dct)
    {
        if (!header.IsArithmetic && DecodeOnce(jpeg, picture, dct) is null)
        {
            return null;
        }

        WholeJpeg whole = WholeJpeg.Read(jpeg, header);
        return whole.Fault ?? DecodeOnce(whole.Copy.Span, picture, dct);
    }

    /// <summary>Decodes with a libjpeg object of its own; null, or the first warning or the error.</summary>
    internal string? DecodeOnce(ReadOnlySpan<byte> jpeg, Picture picture, DctMethod dct)
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
            : DamageOf(text);
    }

    // The decoder's words as the end of a sentence about a picture.
    private static string DamageOf(string text) => text switch
    {
        _ when text.Contains("Premature end of JPEG file", StringComparison.Ordinal) => "ends before its end marker",
        _ when text.Contains("premature end of data segment", StringComparison.Ordinal) => "has corrupt data (a scan ends too early)",
        _ => $"does not decode ({text.Trim()})",
    };

    // The API has no version call; the library's own bytes contain it.
    private static string ReadVersion()
    {
        try
        {
            string? path = File.ReadLines("/proc/self/maps")
                .Select(line => line[(line.LastIndexOf(' ') + 1)..])
                .FirstOrDefault(path => path.Contains("/libturbojpeg.so", StringComparison.Ordinal));
            return path is null ? "libturbojpeg" : VersionIn(File.ReadAllBytes(path)) ?? Path.GetFileName(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "libturbojpeg";
        }
    }

    private static string? VersionIn(ReadOnlySpan<byte> library)
    {
        ReadOnlySpan<byte> words = "libjpeg-turbo version "u8;
        int found = library.IndexOf(words);
        if (found < 0)
        {
            return null;
        }

        ReadOnlySpan<byte> version = library[(found + words.Length)..];
        int end = version.IndexOfAnyExcept(VersionBytes);
        return end is < 1 or > 20 ? null : "libjpeg-turbo " + Encoding.ASCII.GetString(version[..end]);
    }
}
