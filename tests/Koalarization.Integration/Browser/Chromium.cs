using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Koalarization.Integration.Browser;

/// <summary>
/// The machine's Chromium without a window, driven by its DevTools protocol over one web socket. Its driver from NuGet brings a Node.js for each platform, which
/// is more than these tests need.
/// </summary>
internal sealed class Chromium : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly ClientWebSocket _socket = new();
    private readonly CancellationTokenSource _ends = new();
    private readonly SemaphoreSlim _sending = new(1);
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonNode>> _answers = new();
    private readonly ConcurrentDictionary<string, Tab> _tabs = new(StringComparer.Ordinal);
    private Task _receiving = Task.CompletedTask;
    private int _commands;

    private Chromium(Process process) => _process = process;

    /// <summary>The program; null: the machine has none.</summary>
    public static string? Program { get; } = Array.Find(["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"], File.Exists);

    /// <summary>Starts it.</summary>
    /// <param name="profile">The folder of its profile.</param>
    public static async Task<Chromium> StartAsync(string profile)
    {
        // Root has no sandbox in a container; and it is to ask no one in the network.
        var start = new ProcessStartInfo(Program!, [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
            "--disable-sync", "--disable-extensions", "--hide-scrollbars", "--no-proxy-server", $"--user-data-dir={profile}", "--remote-debugging-port=0", "about:blank",
        ])
        { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true };
        Process process = Process.Start(start)!;
        var listening = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data?.Split("DevTools listening on ") is [_, string address])
            {
                listening.TrySetResult(address);
            }
        };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var chromium = new Chromium(process);
        await chromium._socket.ConnectAsync(new Uri(await listening.Task.WaitAsync(Patience)), CancellationToken.None);
        chromium._receiving = chromium.ReceiveAsync();
        return chromium;
    }

    /// <summary>Opens a tab in a window of its own, so that several are visible.</summary>
    public async Task<Tab> OpenAsync(string url)
    {
        JsonNode target = await SendAsync("Target.createTarget", new JsonObject { ["url"] = "about:blank", ["newWindow"] = true });
        JsonNode session = await SendAsync("Target.attachToTarget", new JsonObject { ["targetId"] = (string)target["targetId"]!, ["flatten"] = true });
        var tab = new Tab(this, (string)session["sessionId"]!);
        _tabs[tab.Session] = tab;
        await tab.BeginAsync();
        await tab.GoAsync(url);
        return tab;
    }

    /// <summary>Sends a command, and gives its result.</summary>
    /// <param name="session">A tab's; null: the browser itself.</param>
    public async Task<JsonNode> SendAsync(string method, JsonObject parameters, string? session = null)
    {
        int id = Interlocked.Increment(ref _commands);
        var answer = new TaskCompletionSource<JsonNode>(TaskCreationOptions.RunContinuationsAsynchronously);
        _answers[id] = answer;
        var command = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters };
        if (session is not null)
        {
            command["sessionId"] = session;
        }

        await _sending.WaitAsync();
        try
        {
            await _socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(command), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        }
        finally
        {
            _sending.Release();
        }

        return await answer.Task.WaitAsync(Patience);
    }

    public async ValueTask DisposeAsync()
    {
        await _ends.CancelAsync();
        await _receiving;
        _socket.Dispose();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _sending.Dispose();
        _ends.Dispose();
    }

    private async Task ReceiveAsync()
    {
        byte[] buffer = new byte[1 << 16];
        using var message = new MemoryStream();
        try
        {
            while (true)
            {
                WebSocketReceiveResult part = await _socket.ReceiveAsync(buffer, _ends.Token);
                message.Write(buffer, 0, part.Count);
                if (part.EndOfMessage)
                {
                    Take(JsonNode.Parse(message.GetBuffer().AsSpan(0, (int)message.Length))!);
                    message.SetLength(0);
                }
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or WebSocketException or JsonException)
        {
            foreach (TaskCompletionSource<JsonNode> waiting in _answers.Values)
            {
                waiting.TrySetException(new InvalidOperationException("the browser has ended.", ended));
            }
        }
    }

    private void Take(JsonNode message)
    {
        if (message["id"] is JsonNode id)
        {
            if (_answers.TryRemove((int)id, out TaskCompletionSource<JsonNode>? answer))
            {
                if (message["error"] is JsonNode error)
                {
                    answer.TrySetException(new InvalidOperationException(error.ToJsonString()));
                }
                else
                {
                    answer.TrySetResult(message["result"]!);
                }
            }
        }
        else if (message["sessionId"] is JsonNode session && _tabs.TryGetValue((string)session!, out Tab? tab))
        {
            tab.Take((string)message["method"]!, message["params"]!);
        }
    }
}
