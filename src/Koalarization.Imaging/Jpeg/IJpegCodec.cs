using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Koalarization.Imaging.Pixels;

namespace Koalarization.Imaging.Jpeg;

/// <summary>Turns JPEG bytes into pixels and back. Thread-safe; every call is synchronous CPU work.</summary>
public interface IJpegCodec
{
    /// <summary>The library behind it and its version, for people: <c>libjpeg-turbo 2.1.5</c>.</summary>
    string Name { get; }

    /// <summary>
    /// Decodes a whole JPEG. Never throws for what the bytes hold, and takes memory only after the header was found plausible.
    /// </summary>
    /// <param name="jpeg">The file's bytes.</param>
    /// <param name="options">DCT, channels, limit, rule.</param>
    /// <param name="picture">The picture, to be disposed by the caller.</param>
    /// <param name="refusal">Why there is none.</param>
    /// <returns>Whether there is a picture: whole by <see cref="JpegDecodeOptions.Rule"/>.</returns>
    /// <exception cref="JpegLibraryException">The machine has not the memory.</exception>
    bool TryDecode(
        ReadOnlySpan<byte> jpeg,
        JpegDecodeOptions options,
        [NotNullWhen(true)] out Picture? picture,
        [NotNullWhen(false)] out PictureRefusal? refusal);

    /// <summary>
    /// Appends a baseline JPEG of the picture: 4:2:0, accurate DCT, standard tables, JFIF header only (what Pillow writes).
    /// </summary>
    /// <param name="rgb">Three channels.</param>
    /// <param name="quality">1 to 100; Pillow's default is 75.</param>
    /// <param name="destination">Where the bytes go.</param>
    /// <returns>The number of bytes written.</returns>
    /// <exception cref="JpegLibraryException">The machine has not the memory.</exception>
    int Encode(Picture rgb, int quality, IBufferWriter<byte> destination);
}
