using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Xunit.Abstractions;

namespace Koalarization.Integration.Cluster;

/// <summary>The HTTP API of a real control node.</summary>
public sealed class ControlApiTests(ITestOutputHelper output) : ClusterFixture(output)
{
    private readonly HttpClient _http = new();

    [Fact]
    public async Task A_node_of_one_answers_every_path_as_it_should()
    {
        ClusterNode node = AddAll("control")[0];
        await Cluster.StartAsync();
        _http.BaseAddress = new Uri(node.Control);
        File.WriteAllText(Folder["links.txt"], "http://127.0.0.1:1/a.jpg\n");

        Assert.Equal((200, """{"live":true}"""), await AskAsync(HttpMethod.Get, "/healthz/live"));
        Assert.Equal((200, """{"ready":true}"""), await AskAsync(HttpMethod.Get, "/healthz/ready"));
        Assert.Equal((200, $$"""{"root":"{{Cluster.Store}}"}"""), await AskAsync(HttpMethod.Get, "/api/v1/store"));
        Assert.Equal((200, """{"jobs":[],"further":0}"""), await AskAsync(HttpMethod.Get, "/api/v1/jobs"));

        string job = $$"""{"source":"{{Folder["links.txt"]}}","data":"sets/birds"}""";
        (int code, string answer) = await AskAsync(HttpMethod.Post, "/api/v1/jobs", job);
        Assert.Equal(201, code);
        string id = JsonDocument.Parse(answer).RootElement.GetProperty("job").GetString()!;
        Assert.Equal((200, $$"""{"job":"{{id}}","is_new":false}"""), await AskAsync(HttpMethod.Post, "/api/v1/jobs", job));
        foreach (string name in (string[])[id, id[..^2], "sets%2Fbirds", Uri.EscapeDataString(Cluster["sets/birds"])])
        {
            (code, answer) = await AskAsync(HttpMethod.Get, "/api/v1/jobs/" + name);
            Assert.Equal((200, "sets/birds"), (code, JsonDocument.Parse(answer).RootElement.GetProperty("data").GetString()));
        }

        Assert.Equal((200, $$"""{"job":"{{id}}"}"""), await AskAsync(HttpMethod.Delete, "/api/v1/jobs/sets%2Fbirds"));
        Assert.Equal((200, $$"""{"address":"{{node.Address}}"}"""), await AskAsync(HttpMethod.Post, $"/api/v1/nodes/{node.Address}/drain"));
        Assert.Equal(0, await node.EndAsync(TimeSpan.FromMinutes(1)));
        Cluster.Passed();
    }

    [Fact]
    public async Task What_cannot_be_is_answered_with_one_sentence_and_a_code()
    {
        ClusterNode node = AddAll("control")[0];
        await Cluster.StartAsync();
        _http.BaseAddress = new Uri(node.Control);
        Task<string> slow = SendPartAsync("POST /api/v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{");

        await RefusedAsync(404, "/api/v2 does not exist", HttpMethod.Get, "/api/v2");
        await RefusedAsync(404, "there is no job 'x'", HttpMethod.Get, "/api/v1/jobs/x");
        await RefusedAsync(404, "there is no job 'x'", HttpMethod.Delete, "/api/v1/jobs/x");
        await RefusedAsync(404, "127.0.0.1:1", HttpMethod.Post, "/api/v1/nodes/127.0.0.1:1/drain");
        await RefusedAsync(400, "a job is a JSON object", HttpMethod.Post, "/api/v1/jobs", "[");
        await RefusedAsync(400, "the control node cannot find /nowhere", HttpMethod.Post, "/api/v1/jobs", """{"source":"/nowhere","data":"x"}""");
        await RefusedAsync(400, "not a folder below the store", HttpMethod.Post, "/api/v1/jobs", $$"""{"source":"{{Folder.Path}}","data":"../x"}""");
        await RefusedAsync(413, "must not exceed 65536 bytes", HttpMethod.Post, "/api/v1/jobs", $$"""{"source":"{{new string('x', 70_000)}}"}""");
        await RefusedAsync(415, "application/json", HttpMethod.Post, "/api/v1/jobs", "{}", request => request.Content = new StringContent("{}", Encoding.UTF8, "text/plain"));
        await RefusedAsync(403, "accepts local requests only", HttpMethod.Get, "/api/v1/jobs", null, request => request.Headers.Host = "evil.example");
        await RefusedAsync(403, "accepts local requests only", HttpMethod.Post, $"/api/v1/nodes/{node.Address}/drain", null, request => request.Headers.Add("Origin", "http://evil.example"));
        string answer = await slow;
        Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
        Assert.Contains("came too slowly", answer, StringComparison.Ordinal);
        ClusterOfProcesses.AssertAlive(node);
        await ClusterOfProcesses.LeaveAsync(node);
        Cluster.Passed();
    }

    // Sends that and no more, and gives what is answered until the connection is closed.
    private async Task<string> SendPartAsync(string part)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", _http.BaseAddress!.Port);
        NetworkStream connection = client.GetStream();
        await connection.WriteAsync(Encoding.ASCII.GetBytes(part));
        using var reader = new StreamReader(connection);
        return await reader.ReadToEndAsync();
    }

    private async Task RefusedAsync(int code, string part, HttpMethod method, string path, string? json = null, Action<HttpRequestMessage>? change = null)
    {
        (int answered, string body) = await AskAsync(method, path, json, change);
        Assert.Equal((code, true), (answered, JsonDocument.Parse(body).RootElement.GetProperty("error").GetString()!.Contains(part, StringComparison.Ordinal)));
    }

    private async Task<(int Code, string Body)> AskAsync(HttpMethod method, string path, string? json = null, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
        change?.Invoke(request);
        using HttpResponseMessage answer = await _http.SendAsync(request);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
