using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Koalarization.Integration.Cluster;

/// <summary>A control node's HTTP API without a cluster behind it: each request gets the next answer that its path has, and the last one again and again.</summary>
internal sealed class CannedControl : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly ConcurrentDictionary<string, Queue<(int Code, string Json)>> _answers = new(StringComparer.Ordinal);

    private CannedControl()
    {
        _server = LoopbackServer.Create(AnswerAsync);
    }

    public string Root => _server.Urls.Single();

    /// <summary>What was asked: method, path and body.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public static async Task<CannedControl> StartAsync()
    {
        var control = new CannedControl();
        await control._server.StartAsync();
        return control;
    }

    /// <summary>Adds an answer.</summary>
    /// <param name="request">Method and path: <c>GET /api/v1/jobs</c>.</param>
    public CannedControl On(string request, int code, string json)
    {
        _answers.GetOrAdd(request, _ => new()).Enqueue((code, json));
        return this;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        string request = $"{context.Request.Method} {context.Request.Path}";
        using var reader = new StreamReader(context.Request.Body);
        Requests.Enqueue($"{request}{context.Request.QueryString} {await reader.ReadToEndAsync()}".TrimEnd());
        (int code, string json) = Next(request);
        context.Response.StatusCode = code;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(json);
    }

    private (int Code, string Json) Next(string request)
    {
        if (!_answers.TryGetValue(request, out Queue<(int, string)>? answers))
        {
            return (404, """{"error":"there is no such thing."}""");
        }

        lock (answers)
        {
            return answers.Count > 1 ? answers.Dequeue() : answers.Peek();
        }
    }
}
