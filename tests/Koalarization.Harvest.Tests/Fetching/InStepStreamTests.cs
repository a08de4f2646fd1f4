using System.Net.Sockets;
using System.Text;
using Koalarization.Harvest.Fetching;
using Koalarization.Harvest.Links;
using Koalarization.Hostile.Serving;

namespace Koalarization.Harvest.Tests.Fetching;

public sealed class InStepStreamTests
{
    private static readonly byte[] Request = "GET /a\r\n\r\n"u8.ToArray();

    [Theory]
    [InlineData("", "answer")]
    [InlineData("more", "")]
    public async Task A_connection_with_more_than_an_answer_looks_closed_to_the_next_request(string more, string second)
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
        await using var stream = new InStepStream(client.GetStream());

        await stream.WriteAsync(Request);
        byte[] answer = new byte[6];
        await stream.ReadExactlyAsync(answer);
        await stream.WriteAsync(Request);
        int read = await stream.ReadAtLeastAsync(answer, answer.Length, throwOnEndOfStream: false);

        Assert.Equal(second, Encoding.ASCII.GetString(answer, 0, read));
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
