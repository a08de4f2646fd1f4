namespace Koalarization.Records.Examples;

/// <summary>
/// The encoding of one picture's record: an Example with the four <see cref="LabFeatures"/> in ordinal order, packed floats and
/// shortest lengths, so that equal values give equal bytes. <see cref="LabExampleBuffer"/> does the same without the copies.
/// </summary>
public static class LabExample
{
    /// <summary>The longest name, in UTF-8 bytes.</summary>
    public const int MaxNameBytes = 64 * 1024;

    /// <summary>The largest S.</summary>
    public const int MaxSize = 8192;

    /// <summary>The most logits.</summary>
    public const int MaxLogits = 1 << 20;

    /// <summary>The encoded record's length: 1,076,944 bytes for a 24-byte name, 299 and 1001.</summary>
    /// <param name="nameBytes">The name's length in UTF-8 bytes.</param>
    /// <param name="size">S, the picture's width and height.</param>
    /// <param name="logits">How many logits there are.</param>
    public static int Size(int nameBytes, int size, int logits) => new LabExampleLayout(nameBytes, size, logits).Bytes;

    /// <summary>Encodes one record into the first <see cref="Size"/> bytes of <paramref name="destination"/>.</summary>
    /// <param name="nameUtf8">The picture's path.</param>
    /// <param name="luminance">[S, S], row by row.</param>
    /// <param name="ab">[S, S, 2], interleaved.</param>
    /// <param name="embedding">The logits.</param>
    /// <param name="destination">Where the record goes.</param>
    /// <returns>How many bytes were written.</returns>
    /// <exception cref="ArgumentException">The lengths do not belong to one square picture, or the destination is too short.</exception>
    public static int Write(
        ReadOnlySpan<byte> nameUtf8,
        ReadOnlySpan<float> luminance,
        ReadOnlySpan<float> ab,
        ReadOnlySpan<float> embedding,
        Span<byte> destination)
    {
        int size = (int)Math.Sqrt(luminance.Length);
        if (size * size != luminance.Length || ab.Length != 2 * luminance.Length)
        {
            throw new ArgumentException($"{luminance.Length} luminances and {ab.Length} colours do not belong to one square picture.", nameof(luminance));
        }

        var layout = new LabExampleLayout(nameUtf8.Length, size, embedding.Length);
        if (destination.Length < layout.Bytes)
        {
            throw new ArgumentException($"The record has {layout.Bytes} bytes, the destination {destination.Length}.", nameof(destination));
        }

        LabExampleOffsets offsets = layout.WriteFrame(nameUtf8, destination);
        luminance.CopyTo(layout.Luminance(destination, offsets));
        ab.CopyTo(layout.Ab(destination, offsets));
        embedding.CopyTo(layout.Embedding(destination, offsets));
        return layout.Bytes;
    }
}
