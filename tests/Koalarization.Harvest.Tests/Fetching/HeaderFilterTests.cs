using System.Text;
using Koalarization.Harvest.Fetching;

namespace Koalarization.Harvest.Tests.Fetching;

public sealed class HeaderFilterTests
{
    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nA: 1\r\n\r\nbody", "HTTP/1.1 200\nA: 1\r\n\r\nbody")]
    [InlineData("HTTP/1.0 404\nA: 1\n\nbody", "HTTP/1.0 404\nA: 1\n\nbody")]
    [InlineData("http/1.1  200OK\r\n\r\n", "HTTP/1.1 200\n\r\n")]
    [InlineData("\r\n\nHTTP/1.1\t200 OK\r\n\r\n", "HTTP/1.1 200\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nno colon\r\nA: 1\r\n\r\n", "HTTP/1.1 200\nA: 1\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nno colon\r\n A: 2\r\n\tB: 3\r\nA: 1\r\n 4\r\n\r\n", "HTTP/1.1 200\nA: 1\r\n 4\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\n A: 2\r\nA: 1\r\n\r\n", "HTTP/1.1 200\nA: 1\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nX Y: 1\r\n: 2\r\nX-\u00E9: 3\r\nX\0: 4\r\nA : 1\r\nB\t:2\r\n\r\n", "HTTP/1.1 200\nA: 1\r\nB:2\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nA: 1\rContent-Length: 2\r\n\r\n", "HTTP/1.1 200\nA: 1 Content-Length: 2\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nA: caf\u00E9\0\r\n\r\nno colon\r\n", "HTTP/1.1 200\nA: caf\u00E9\0\r\n\r\nno colon\r\n")]
    [InlineData("HTTP/1.1 100 Continue\r\nx\r\n\r\nHTTP/1.1 200 OK\r\ny\r\n\r\nz\r\n", "HTTP/1.1 100\n\r\nHTTP/1.1 200\n\r\nz\r\n")]
    [InlineData("HTTP/1.1 101 Switching\r\nx\r\n\r\ny\r\n", "HTTP/1.1 101\n\r\ny\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nA: 1\r\ncut", "HTTP/1.1 200\nA: 1\r\ncut")]
    [InlineData("HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 20 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 2000\r\n\r\n", "HTTP/1.1 2000\r\n\r\n")]
    [InlineData("SSH-2.0-x\r\nno colon\r\n", "SSH-2.0-x\r\nno colon\r\n")]
    [InlineData("", "")]
    public void Lines_that_are_no_headers_are_left_out_however_the_bytes_arrive(string answer, string passed)
    {
        for (int piece = 1; piece <= Math.Max(1, answer.Length); piece++)
        {
            Assert.Equal(passed, Passed(Encoding.Latin1.GetBytes(answer), piece, maxBytes: 65536));
        }
    }

    [Fact]
    public void A_beginning_that_is_too_long_passes_from_there_on()
    {
        string line = new string('x', 9999) + "\n";

        string passed = Passed(Encoding.Latin1.GetBytes("HTTP/1.1 200 OK\n" + string.Concat(Enumerable.Repeat(line, 10))), piece: 777, maxBytes: 50_000);

        Assert.Equal("HTTP/1.1 200\n" + string.Concat(Enumerable.Repeat(line, 6)), passed);
    }

    [Fact]
    public void A_line_without_an_end_is_not_kept_for_ever()
    {
        string line = "HTTP/1.1 200 OK\nX: " + new string('x', 100_000);

        Assert.Equal(line.Replace(" OK", ""), Passed(Encoding.Latin1.GetBytes(line), piece: 1000, maxBytes: 5000));
    }

    [Fact]
    public void A_long_beginning_leaves_nothing_for_the_next_answer()
    {
        var filter = new HeaderFilter(maxBytes: 65536);
        byte[] longer = Encoding.Latin1.GetBytes($"HTTP/1.1 200 OK\nX: {new string('x', 30_000)}\n\n");

        Assert.Equal(longer.Length - 3, Passed(filter, longer, piece: 4096).Length);
        Assert.Equal("HTTP/1.1 200\n\n", Passed(filter, "HTTP/1.1 200 OK\nno colon\n\n"u8.ToArray(), piece: 4096));
    }

    private static string Passed(byte[] answer, int piece, int maxBytes) => Passed(new HeaderFilter(maxBytes), answer, piece);

    private static string Passed(HeaderFilter filter, byte[] answer, int piece)
    {
        filter.Begin();
        var passed = new StringBuilder();
        Span<byte> taken = stackalloc byte[64];
        for (int at = 0; ;)
        {
            while (filter.HasOutput)
            {
                passed.Append(Encoding.Latin1.GetString(taken[..filter.Take(taken)]));
            }

            Span<byte> space = filter.Space().Span;
            int read = Math.Min(Math.Min(piece, space.Length), answer.Length - at);
            answer.AsSpan(at, read).CopyTo(space);
            at += read;
            filter.Received(read);
            if (read == 0 && !filter.HasOutput)
            {
                return passed.ToString();
            }
        }
    }
}
