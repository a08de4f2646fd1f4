using System.Net.Sockets;
using System.Text;
using Koalarization.Harvest.Fetching;
using Koalarization.Harvest.Links;
using Koalarization.Hostile.Serving;

namespace Koalarization.Harvest.Tests.Fetching;

public sealed class Http1StreamTests
{
    private static readonly byte[] Request = "GET /a\r\n\r\n"u8.ToArray();

    [Theory]
    [InlineData("")]
    [InlineData("more")]
    public async Task A_connection_with_more_than_an_answer_is_not_used_again(string more)
    {
        await using var server = new RawServer(async (stream, stopping) =>
        {
            for (int i = 0; i < 2; i++)
            {
                await RawServer.ReadRequestAsync(stream, stopping);
                await stream.WriteAsync(Encoding.ASCII.GetBytes("answer" + more), stopping);
            }
        });
        using var client = new TcpClient();
        await client.ConnectAsync(server.Address, server.Port);
        await using var stream = new Http1Stream(client.GetStream(), maxHeaderBytes: 65536);

        await stream.WriteAsync(Request);
        byte[] answer = new byte[6];
        await stream.ReadExactlyAsync(answer);
        if (more.Length > 0)
        {
            await Assert.ThrowsAsync<StaleConnectionException>(async () => await stream.WriteAsync(Request));
            return;
        }

        await stream.WriteAsync(Request);
        await stream.ReadExactlyAsync(answer);

        Assert.Equal("answer", Encoding.ASCII.GetString(answer));
    }

    [Fact]
    public async Task An_answer_whose_reading_began_before_its_request_is_read_as_any_other()
    {
        byte[] answer = "HTTP/1.1 200OK\r\nno colon\r\nContent-Length: 0\r\n\r\n"u8.ToArray();
        byte[] read = "HTTP/1.1 200\nContent-Length: 0\r\n\r\n"u8.ToArray();
        await using var server = new RawServer(async (stream, stopping) =>
        {
            for (int i = 0; i < 2; i++)
            {
                await RawServer.ReadRequestAsync(stream, stopping);
                await stream.WriteAsync(answer, stopping);
            }
        });
        using var client = new TcpClient();
        await client.ConnectAsync(server.Address, server.Port);
        await using var stream = new Http1Stream(client.GetStream(), maxHeaderBytes: 65536);
        byte[] first = new byte[read.Length];
        byte[] second = new byte[4096];
        await stream.WriteAsync(Request);
        await stream.ReadExactlyAsync(first);

        Task<int> begun = stream.ReadAsync(second).AsTask();
        await stream.WriteAsync(Request);

        Assert.Equal(read, second[..await begun]);
        Assert.Equal(read, first);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_that_closes_after_each_answer_loses_no_redirect_and_no_try(bool readsNext)
    {
        // A connection that seems to stay open is closed a little later, with the next request on its way.
        byte[] picture = TestPictures.Whole();
        await using var server = new RawServer(async (stream, stopping) =>
        {
            string request = await RawServer.ReadRequestAsync(stream, stopping);
            string head = request.StartsWith("GET /a", StringComparison.Ordinal)
                ? "HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n"
                : $"HTTP/1.1 200 OK\r\nContent-Length: {picture.Length}\r\n\r\n";
            await stream.WriteAsync((byte[])[.. Encoding.ASCII.GetBytes(head), .. request.StartsWith("GET /a", StringComparison.Ordinal) ? [] : picture], stopping);
            if (readsNext)
            {
                await RawServer.ReadRequestAsync(stream, stopping);
                return;
            }

            using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(30));
            await pause.WaitForNextTickAsync(stopping);
        });
        using LinkFetcher fetcher = Fetches.Fetcher();

        FetchOutcome[] outcomes = await Task.WhenAll(Enumerable.Range(0, 40).Select(i =>
            fetcher.FetchAsync(Link.Of($"http://{server.Authority}/a{i}"), isLastTry: false, CancellationToken.None)));

        Assert.All(outcomes, outcome => Assert.Equal((FetchOutcomeKind.Kept, null), (outcome.Kind, outcome.Detail)));
        Array.ForEach(outcomes, outcome => outcome.Dispose());
    }

    [Fact]
    public async Task Links_beside_one_whose_answer_is_too_long_get_their_own_pictures()
    {
        byte[] more = Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: 20000\r\n\r\n{new string('y', 20_000)}");
        await using var server = new RawServer(async (stream, stopping) =>
        {
            while (await RawServer.ReadRequestAsync(stream, stopping) is { Length: > 0 } request)
            {
                int size = int.Parse(request.Split(' ')[1][1..]);
                byte[] head = Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {size}\r\n\r\n");
                await stream.WriteAsync((byte[])[.. head, .. TestPictures.Whole(size), .. size % 3 == 0 ? more : []], stopping);
            }
        });
        using LinkFetcher fetcher = Fetches.Fetcher();

        // Connections are given on when links wait for them: in rounds.
        for (int round = 0; round < 10; round++)
        {
            FetchOutcome[] outcomes = await Task.WhenAll(Enumerable.Range(30_000, 100).Select(size =>
                fetcher.FetchAsync(Link.Of($"http://{server.Authority}/{size}"), CancellationToken.None)));
            Assert.Equal(Enumerable.Range(30_000, 100).Select(size => (FetchOutcomeKind.Kept, size)), outcomes.Select(outcome => (outcome.Kind, outcome.BodyBytes)));
            Array.ForEach(outcomes, outcome => outcome.Dispose());
        }
    }
}
