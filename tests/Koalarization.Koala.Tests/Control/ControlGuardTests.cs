using System.Net;
using Koalarization.Koala.Control;
using Microsoft.AspNetCore.Http;

namespace Koalarization.Koala.Tests.Control;

/// <summary>Whoever asks too often is refused, and keeps no one else out.</summary>
public sealed class ControlGuardTests : IDisposable
{
    // More than two minutes' worth, in far less time.
    private const int TooMany = 20_000;

    private static readonly string Command = new('c', 32), View = new('v', 32);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("koala-");
    private readonly ControlGuard _guard;

    public ControlGuardTests() => _guard = new ControlGuard(new ControlEndpoint(IPAddress.Any, 8660)
    {
        Tokens = new ControlTokens(TokenOf("command", Command), TokenOf("view", View)),
    });

    [Fact]
    public async Task Looking_too_often_is_refused_with_when_to_ask_again_and_keeps_no_command_and_no_probe_out()
    {
        Assert.Equal(200, (await AskAsync("GET", "/api/v1/jobs", View)).StatusCode);
        HttpResponse refused = await FloodAsync("GET", "/api/v1/jobs", View);
        Assert.Equal((429, "1"), (refused.StatusCode, refused.Headers.RetryAfter.ToString()));
        Assert.Equal(200, (await AskAsync("DELETE", "/api/v1/jobs/x", Command)).StatusCode);
        Assert.Equal(200, (await AskAsync("GET", "/healthz/ready", null)).StatusCode);
    }

    [Fact]
    public async Task Asking_for_health_too_often_is_refused_and_keeps_no_one_with_a_token_out()
    {
        Assert.Equal(429, (await FloodAsync("GET", "/healthz/live", null)).StatusCode);
        Assert.Equal(200, (await AskAsync("GET", "/api/v1/jobs", View)).StatusCode);
        Assert.Equal(200, (await AskAsync("POST", "/api/v1/jobs", Command)).StatusCode);
    }

    [Theory]
    [InlineData(null, 401)]
    [InlineData("another-token-of-no-one", 401)]
    [InlineData("view", 403)]
    public async Task Commands_that_may_not_come_in_do_not_count(string? token, int code)
    {
        for (int i = 0; i < 1000; i++)
        {
            Assert.Equal(code, (await AskAsync("DELETE", "/api/v1/jobs/x", token == "view" ? View : token)).StatusCode);
        }

        Assert.Equal(200, (await AskAsync("DELETE", "/api/v1/jobs/x", Command)).StatusCode);
    }

    [Fact]
    public async Task The_page_comes_without_a_token_and_asking_for_it_too_often_keeps_no_one_out()
    {
        Assert.Equal(200, (await AskAsync("GET", "/", null)).StatusCode);
        Assert.Equal(200, (await AskAsync("GET", "/cluster.js", null)).StatusCode);
        foreach ((string method, string path) in ((string, string)[])[("POST", "/"), ("GET", "/cluster.js/"), ("GET", "//"), ("GET", "/api/v1/events"), ("GET", "/Cluster.js")])
        {
            Assert.Equal((path, 401), (path, (await AskAsync(method, path, null)).StatusCode));
        }

        Assert.Equal(429, (await FloodAsync("GET", "/", null)).StatusCode);
        Assert.Equal(200, (await AskAsync("GET", "/api/v1/jobs", View)).StatusCode);
        Assert.Equal(200, (await AskAsync("GET", "/healthz/live", null)).StatusCode);
    }

    [Fact]
    public async Task Too_many_commands_are_refused_too() => Assert.Equal(429, (await FloodAsync("DELETE", "/api/v1/jobs/x", Command)).StatusCode);

    public void Dispose()
    {
        _guard.Dispose();
        _folder.Delete(recursive: true);
    }

    private TokenFile TokenOf(string name, string token)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, token);
        return new TokenFile(path);
    }

    // Asks until it is refused.
    private async Task<HttpResponse> FloodAsync(string method, string path, string? token)
    {
        for (int i = 0; i < TooMany; i++)
        {
            HttpResponse answer = await AskAsync(method, path, token);
            if (answer.StatusCode != StatusCodes.Status200OK)
            {
                return answer;
            }
        }

        throw new Xunit.Sdk.XunitException("it was never refused");
    }

    private async Task<HttpResponse> AskAsync(string method, string path, string? token)
    {
        var context = new DefaultHttpContext { Request = { Method = method, Scheme = "https", Host = new HostString("a.lan", 8660), Path = path } };
        if (token is not null)
        {
            context.Request.Headers.Authorization = "Bearer " + token;
        }

        await _guard.CheckAsync(context, _ => Task.CompletedTask);
        return context.Response;
    }
}
