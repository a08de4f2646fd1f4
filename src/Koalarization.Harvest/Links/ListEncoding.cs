using System.Text;

namespace Koalarization.Harvest.Links;

/// <summary>Tells a text's encoding by its byte order mark, or by where its zero bytes are.</summary>
internal static class ListEncoding
{
    private const int MaxSample = 256;

    private static readonly Encoding Utf32Be = new UTF32Encoding(bigEndian: true, byteOrderMark: true);

    /// <summary>The encoding of a text that is not UTF-8; null: UTF-8, or another that keeps ASCII.</summary>
    public static Encoding? Find(ReadOnlySpan<byte> head) => head switch
    {
        [0xFF, 0xFE, 0, 0, ..] => Encoding.UTF32,
        [0, 0, 0xFE, 0xFF, ..] => Utf32Be,
        [0xFF, 0xFE, ..] => Encoding.Unicode,
        [0xFE, 0xFF, ..] => Encoding.BigEndianUnicode,
        _ => WithoutMark(head),
    };

    /// <summary>A stream of the same text in UTF-8.</summary>
    public static Stream ToUtf8(Stream stream, Encoding encoding) =>
        Encoding.CreateTranscodingStream(stream, encoding, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));

    // Of "http" in UTF-16, every other byte is zero; in UTF-32, three of four.
    private static Encoding? WithoutMark(ReadOnlySpan<byte> head)
    {
        int length = Math.Min(head.Length, MaxSample) & ~3;
        if (length < 4)
        {
            return null;
        }

        Span<int> zeros = stackalloc int[4];
        for (int i = 0; i < length; i++)
        {
            zeros[i % 4] += head[i] == 0 ? 1 : 0;
        }

        int most = length / 4 * 3 / 4;
        bool[] isZero = [zeros[0] >= most, zeros[1] >= most, zeros[2] >= most, zeros[3] >= most];
        return isZero switch
        {
            [false, true, true, true] => Encoding.UTF32,
            [true, true, true, false] => Utf32Be,
            [false, true, false, true] => Encoding.Unicode,
            [true, false, true, false] => Encoding.BigEndianUnicode,
            _ => null,
        };
    }
}
