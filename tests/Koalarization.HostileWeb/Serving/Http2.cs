using System.Buffers.Binary;
using System.Text;

namespace Koalarization.Hostile.Serving;

/// <summary>
/// As much of HTTP/2 (RFC 9113) as a server needs that answers every request in the same way and asks nothing of it: frames,
/// and headers as literals without an index.
/// </summary>
internal static class Http2
{
    private const byte Data = 0, Headers = 1, ResetStream = 3, Settings = 4, GoAway = 7, Continuation = 9;
    private const byte EndStream = 1, EndHeaders = 4, Acknowledged = 1;
    private const int MaxFrame = 16384;
    private const string Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    /// <summary>What a stream gets: called with its number for each request.</summary>
    public delegate Task StreamAnswer(Exchange exchange, int stream);

    /// <summary>Opens a connection and answers its requests, one after the other.</summary>
    public static Answer Connection(StreamAnswer answer) => async exchange =>
    {
        await exchange.Stream.ReadExactlyAsync(new byte[Preface.Length], exchange.Stopping);
        await FrameAsync(exchange, Settings, 0, 0);
        while (true)
        {
            (byte type, byte flags, int stream) = await ReadFrameAsync(exchange);
            if (type == Settings && (flags & Acknowledged) == 0)
            {
                await FrameAsync(exchange, Settings, Acknowledged, 0);
            }
            else if (type == Headers)
            {
                await answer(exchange, stream);
            }
        }
    };

    /// <summary>A picture in DATA frames.</summary>
    public static StreamAnswer Picture(byte[] picture, params (string Name, string Value)[] headers) => async (exchange, stream) =>
    {
        await HeadersAsync(exchange, stream, [(":status", "200"), .. headers]);
        foreach (byte[] piece in picture.Chunk(MaxFrame))
        {
            await FrameAsync(exchange, Data, 0, stream, piece);
        }

        await FrameAsync(exchange, Data, EndStream, stream);
    };

    /// <summary>A beginning of a picture, then the stream's reset.</summary>
    public static StreamAnswer Reset(uint error, byte[] before) => async (exchange, stream) =>
    {
        if (before.Length > 0)
        {
            await HeadersAsync(exchange, stream, [(":status", "200")]);
            await FrameAsync(exchange, Data, 0, stream, before);
        }

        await FrameAsync(exchange, ResetStream, 0, stream, Number(error));
    };

    /// <summary>The connection's end, with the last stream that counts.</summary>
    public static async Task GoAwayAsync(Exchange exchange, int lastStream, uint error) =>
        await FrameAsync(exchange, GoAway, 0, 0, [.. Number((uint)lastStream), .. Number(error)]);

    /// <summary>Headers without an end, in CONTINUATION frames.</summary>
    public static async Task EndlessHeadersAsync(Exchange exchange, int stream)
    {
        await FrameAsync(exchange, Headers, 0, stream, Literal(":status", "200"));
        byte[] more = Literal("x-more", new string('x', 8000));
        while (true)
        {
            await FrameAsync(exchange, Continuation, 0, stream, more);
        }
    }

    /// <summary>A beginning of an answer that promises more.</summary>
    public static async Task BeginAsync(Exchange exchange, int stream, byte[] piece)
    {
        await HeadersAsync(exchange, stream, [(":status", "200")]);
        await FrameAsync(exchange, Data, 0, stream, piece);
    }

    public static Task HeadersAsync(Exchange exchange, int stream, (string Name, string Value)[] headers) =>
        FrameAsync(exchange, Headers, EndHeaders, stream, [.. headers.SelectMany(header => Literal(header.Name, header.Value))]);

    private static byte[] Literal(string name, string value) => [0, .. Text(name), .. Text(value)];

    /// <summary>A string of RFC 7541: its length in a prefix of 7 bits, no Huffman code.</summary>
    private static byte[] Text(string text)
    {
        var bytes = new List<byte>();
        int length = text.Length;
        bytes.Add((byte)Math.Min(length, 127));
        if (length >= 127)
        {
            for (length -= 127; length >= 128; length /= 128)
            {
                bytes.Add((byte)((length % 128) + 128));
            }

            bytes.Add((byte)length);
        }

        return [.. bytes, .. Encoding.Latin1.GetBytes(text)];
    }

    private static async Task FrameAsync(Exchange exchange, byte type, byte flags, int stream, byte[]? payload = null)
    {
        payload ??= [];
        byte[] length = Number((uint)payload.Length)[1..];
        await exchange.SendAsync([.. length, type, flags, .. Number((uint)stream), .. payload]);
    }

    private static async Task<(byte Type, byte Flags, int Stream)> ReadFrameAsync(Exchange exchange)
    {
        var head = new byte[9];
        await exchange.Stream.ReadExactlyAsync(head, exchange.Stopping);
        int length = (head[0] << 16) | (head[1] << 8) | head[2];
        await exchange.Stream.ReadExactlyAsync(new byte[length], exchange.Stopping);
        return (head[3], head[4], BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)) & int.MaxValue);
    }

    private static byte[] Number(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }
}
