using System.Net.Http.Headers;
using System.Text.Json;
using Xunit.Abstractions;

namespace Koalarization.Integration.Cluster;

/// <summary>What a control node's page is made of: its files, their headers, its stream, and who gets which.</summary>
public sealed class PageAnswersTests(ITestOutputHelper output) : ClusterFixture(output)
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    private static readonly string Command = new('c', 32), View = new('v', 32);

    private readonly HttpClient _http = new();

    [Fact]
    public async Task The_page_has_no_secrets_and_what_it_shows_needs_a_token_and_comes_from_no_other_site()
    {
        File.WriteAllText(Folder["command.token"], Command);
        File.WriteAllText(Folder["view.token"], View);
        ClusterNode node = Cluster.Add("control", "--token-file", Folder["command.token"], "--view-token-file", Folder["view.token"]);
        node.Start();
        _http.BaseAddress = new Uri(node.Control);
        await Pause.UntilAsync("the node answers", TimeSpan.FromMinutes(2), async () =>
        {
            try
            {
                using HttpResponseMessage ready = await AskAsync(HttpMethod.Get, "/healthz/ready", null);
                return ready.IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });

        foreach ((string path, string type) in ((string, string)[])[("/", "text/html"), ("/cluster.js", "text/javascript"), ("/cluster.css", "text/css"), ("/cluster.svg", "image/svg+xml")])
        {
            using HttpResponseMessage file = await AskAsync(HttpMethod.Get, path, null);
            Assert.Equal((path, 200, type), (path, (int)file.StatusCode, file.Content.Headers.ContentType!.MediaType));
            Assert.Equal(
                ("nosniff", "no-referrer", "DENY", "same-origin", "no-store", Policy),
                (Header(file, "X-Content-Type-Options"), Header(file, "Referrer-Policy"), Header(file, "X-Frame-Options"), Header(file, "Cross-Origin-Resource-Policy"), Header(file, "Cache-Control"), Header(file, "Content-Security-Policy")));
        }

        using HttpResponseMessage page = await AskAsync(HttpMethod.Get, "/", null);
        string html = await page.Content.ReadAsStringAsync();
        Assert.DoesNotContain(Cluster.Store, html, StringComparison.Ordinal);
        Assert.DoesNotMatch("(?i)\\son[a-z]+\\s*=|\\sstyle\\s*=|<style|https?:|<script(?! src=\"/cluster.js\")", html);

        foreach (string path in (string[])["/api/v1/events", "/api/v1/jobs", "/api/v1/jobs/x/sample", "/api/v1/jobs/x/picture?name=y"])
        {
            Assert.Equal((path, 401), (path, await CodeAsync(HttpMethod.Get, path, null)));
            Assert.Equal((path, 403), (path, await CodeAsync(HttpMethod.Get, path, View, ("Sec-Fetch-Site", "cross-site"))));
            Assert.Equal((path, 403), (path, await CodeAsync(HttpMethod.Get, path, View, ("Sec-Fetch-Site", "same-site"), ("Sec-Fetch-Mode", "navigate"))));
        }

        Assert.Equal(403, await CodeAsync(HttpMethod.Post, "/api/v1/jobs/x/retry", View));
        Assert.Equal(404, await CodeAsync(HttpMethod.Post, "/api/v1/jobs/x/retry", Command));
        Assert.Equal(404, await CodeAsync(HttpMethod.Get, "/api/v1/jobs/x/picture?name=..%2F..%2Fdataset.json", View));
        foreach ((string, string) foreign in ((string, string)[])[("Origin", "http://evil.example"), ("Origin", "null"), ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "same-site")])
        {
            Assert.Equal(403, await CodeAsync(HttpMethod.Post, "/api/v1/jobs/x/retry", Command, foreign));
            Assert.Equal(403, await CodeAsync(HttpMethod.Post, $"/api/v1/nodes/{node.Address}/drain", Command, foreign));
        }

        Assert.Equal(403, await CodeAsync(HttpMethod.Get, "/", null, ("Host", "evil.example")));
        Assert.Equal(403, await CodeAsync(HttpMethod.Get, "/", null, ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "no-cors")));
        Assert.Equal(200, await CodeAsync(HttpMethod.Get, "/", null, ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate")));
        Assert.Equal(200, await CodeAsync(HttpMethod.Get, "/api/v1/jobs", View, ("Sec-Fetch-Site", "same-origin")));

        foreach ((string token, bool mayCommand) in ((string, bool)[])[(View, false), (Command, true)])
        {
            (string Name, JsonElement Data)[] events = await EventsAsync(token, 4);
            Assert.Equal(["access", "history", "cluster", "cluster"], events.Select(one => one.Name));
            Assert.Equal(mayCommand, events[0].Data.GetProperty("may_command").GetBoolean());
            Assert.True(events[1].Data.GetProperty("points").GetArrayLength() > 0);
            Assert.Equal(node.Address, events[3].Data.GetProperty("nodes")[0].GetProperty("address").GetString());
            Assert.True(events[3].Data.GetProperty("at").GetInt64() > events[2].Data.GetProperty("at").GetInt64());
        }

        // Whoever follows does not keep the node from leaving: the stream ends, and is not cut off.
        using HttpResponseMessage following = await AskAsync(HttpMethod.Get, "/api/v1/events", View);
        using var reader = new StreamReader(await following.Content.ReadAsStreamAsync());
        Task<string> rest = reader.ReadToEndAsync();
        await ClusterOfProcesses.LeaveAsync(node);
        Assert.Contains("event: cluster", await rest, StringComparison.Ordinal);
        Cluster.Passed();
    }

    private static string Header(HttpResponseMessage answer, string name) => string.Join(", ", answer.Headers.GetValues(name));

    private async Task<int> CodeAsync(HttpMethod method, string path, string? token, params (string Name, string Value)[] headers)
    {
        using HttpResponseMessage answer = await AskAsync(method, path, token, headers);
        return (int)answer.StatusCode;
    }

    private async Task<HttpResponseMessage> AskAsync(HttpMethod method, string path, string? token, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        foreach ((string name, string value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private async Task<(string Name, JsonElement Data)[]> EventsAsync(string token, int count)
    {
        using HttpResponseMessage answer = await AskAsync(HttpMethod.Get, "/api/v1/events", token);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        var events = new List<(string, JsonElement)>();
        while (events.Count < count)
        {
            string name = (await reader.ReadLineAsync())!["event: ".Length..], data = (await reader.ReadLineAsync())!["data: ".Length..];
            Assert.Equal("", await reader.ReadLineAsync());
            events.Add((name, JsonDocument.Parse(data).RootElement));
        }

        return [.. events];
    }
}
