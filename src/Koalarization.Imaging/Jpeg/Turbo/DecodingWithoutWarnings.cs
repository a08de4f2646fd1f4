using Koalarization.Imaging.Pixels;

namespace Koalarization.Imaging.Jpeg.Turbo;

/// <summary>Decoding by <see cref="PictureRule.WithoutWarnings"/>, for data sets that were begun with it.</summary>
/// <param name="codec">Decodes.</param>
/// <param name="header">The file's header.</param>
/// <param name="picture">Gets the pixels.</param>
/// <param name="dct">The inverse DCT.</param>
internal sealed class DecodingWithoutWarnings(TurboJpegCodec codec, JpegHeader header, Picture picture, DctMethod dct)
{
    // A file with more faults than this is not worth the time.
    private const int MaxTries = 32;

    /// <summary>Decodes; null, or what is wrong with the bytes.</summary>
    public string? Decode(ReadOnlySpan<byte> jpeg)
    {
        string? warning = codec.DecodeOnce(jpeg, picture, dct);
        if (warning is null || TurboJpegWarning.ReadExtraneous(warning) is not { } extraneous)
        {
            return warning;
        }

        if (IsLastWarning(extraneous))
        {
            return null;
        }

        // Only the first warning is reported, so a real fault may hide behind this one.
        byte[]? cut = ExtraneousBytes.CutGaps(jpeg);
        if (cut is not null)
        {
            warning = codec.DecodeOnce(cut, picture, dct);
            if (warning is null || TurboJpegWarning.ReadExtraneous(warning) is not { } next)
            {
                return warning;
            }

            if (IsLastWarning(next))
            {
                return null;
            }

            extraneous = next;
        }

        int tries = MaxTries;
        return DecodeWithoutTails(cut ?? jpeg.ToArray(), extraneous, ref tries) ? null : warning;
    }

    // The bytes of a warning are at the end of some scan or restart interval: tries each, and continues with the next such warning.
    private bool DecodeWithoutTails(byte[] jpeg, TurboJpegWarning extraneous, ref int tries)
    {
        foreach (byte[] candidate in ExtraneousBytes.CutBeforeEach(jpeg, extraneous))
        {
            if (tries-- <= 0)
            {
                return false;
            }

            string? warning = codec.DecodeOnce(candidate, picture, dct);
            TurboJpegWarning? next = warning is null ? null : TurboJpegWarning.ReadExtraneous(warning);
            if (warning is null || (next is { } last && IsLastWarning(last)))
            {
                return true;
            }

            if (next is { } another && DecodeWithoutTails(candidate, another, ref tries))
            {
                return true;
            }
        }

        return false;
    }

    // Behind the end of the image nothing is decoded any more; with restart markers an early EOI could be met in their place.
    private bool IsLastWarning(TurboJpegWarning warning) =>
        warning.Marker == JpegMarker.EndOfImage && !header.HasRestarts;
}
