using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Koalarization.Integration.Cluster;

namespace Koalarization.Integration.Browser;

/// <summary>A tab of a browser.</summary>
/// <param name="browser">The browser.</param>
/// <param name="session">Its session there.</param>
internal sealed class Tab(Chromium browser, string session)
{
    private readonly ConcurrentDictionary<string, string> _answers = new(StringComparer.Ordinal);

    public string Session => session;

    /// <summary>Errors of the page's script, and what its policy has kept it from.</summary>
    public ConcurrentQueue<string> Errors { get; } = new();

    /// <summary>Begins to listen.</summary>
    public async Task BeginAsync()
    {
        foreach (string domain in (string[])["Page", "Runtime", "Log", "Network"])
        {
            await SendAsync($"{domain}.enable", []);
        }
    }

    /// <summary>From now on the page's requests for a path are answered with this, and do not reach the node.</summary>
    public async Task AnswerAsync(string path, string type, string body)
    {
        _answers[path] = $"{type}\n{body}";
        await SendAsync("Fetch.enable", new JsonObject { ["patterns"] = new JsonArray([.. _answers.Keys.Select(known => (JsonNode)new JsonObject { ["urlPattern"] = $"*{known}*" })]) });
    }

    /// <summary>Opens an address, and waits until it is there.</summary>
    public async Task GoAsync(string url)
    {
        await EvaluateAsync<bool>("globalThis.isOfBefore = true");
        await SendAsync("Page.navigate", new JsonObject { ["url"] = url });
        await UntilAsync("!globalThis.isOfBefore && document.readyState === 'complete'");
    }

    /// <summary>What an expression gives in the page.</summary>
    public async Task<T> EvaluateAsync<T>(string expression)
    {
        JsonNode result = await SendAsync("Runtime.evaluate", new JsonObject { ["expression"] = expression, ["awaitPromise"] = true, ["returnByValue"] = true });
        return result["exceptionDetails"] is JsonNode failure
            ? throw new InvalidOperationException($"{expression}: {failure.ToJsonString()}")
            : result["result"]!["value"].Deserialize<T>()!;
    }

    /// <summary>Waits until an expression is true in the page.</summary>
    public async Task UntilAsync(string expression, TimeSpan? patience = null)
    {
        try
        {
            await Pause.UntilAsync(expression, patience ?? TimeSpan.FromMinutes(1), async () =>
            {
                try
                {
                    return await EvaluateAsync<bool>($"Boolean({expression})");
                }
                catch (InvalidOperationException)
                {
                    // The page is being left, or is not there yet.
                    return false;
                }
            });
        }
        catch (TimeoutException never)
        {
            throw new TimeoutException($"{never.Message}\n{string.Join('\n', Errors)}\n{await EvaluateAsync<string>("document.body.innerText")}", never);
        }
    }

    /// <summary>Waits until the page shows a text.</summary>
    public Task ShowsAsync(string text, TimeSpan? patience = null) => UntilAsync($"document.body.innerText.includes({JsonSerializer.Serialize(text)})", patience);

    /// <summary>Presses a button of this text that is shown, twice: at first it asks.</summary>
    public Task PressTwiceAsync(string text) => EvaluateAsync<bool>(
        $$"""(() => { const button = [...document.querySelectorAll("button")].find(one => one.textContent === {{JsonSerializer.Serialize(text)}} && !one.closest("[hidden]")); button.click(); button.click(); return true; })()""");

    /// <summary>Writes what the whole page looks like to a file.</summary>
    public async Task PhotographAsync(string path, int width, bool isDark)
    {
        await SendAsync("Emulation.setEmulatedMedia", new JsonObject
        {
            ["features"] = new JsonArray(new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = isDark ? "dark" : "light" }),
        });
        await SendAsync("Emulation.setDeviceMetricsOverride", new JsonObject { ["width"] = width, ["height"] = 900, ["deviceScaleFactor"] = 1, ["mobile"] = width < 600 });
        JsonNode shot = await SendAsync("Page.captureScreenshot", new JsonObject { ["format"] = "png", ["captureBeyondViewport"] = true });
        await File.WriteAllBytesAsync(path, Convert.FromBase64String((string)shot["data"]!));
    }

    /// <summary>Takes an event of the protocol.</summary>
    public void Take(string name, JsonNode parameters)
    {
        switch (name)
        {
            case "Runtime.exceptionThrown":
                Errors.Enqueue(parameters["exceptionDetails"]!.ToJsonString());
                break;
            case "Runtime.consoleAPICalled" when (string)parameters["type"]! == "error":
                Errors.Enqueue(parameters["args"]!.ToJsonString());
                break;
            case "Log.entryAdded" when (string)parameters["entry"]!["source"]! is not "network":
                Errors.Enqueue(parameters["entry"]!.ToJsonString());
                break;
            case "Fetch.requestPaused":
                _ = FulfillAsync((string)parameters["requestId"]!, (string)parameters["request"]!["url"]!);
                break;
        }
    }

    private Task<JsonNode> FulfillAsync(string request, string url)
    {
        string[] answer = _answers.First(known => url.Contains(known.Key, StringComparison.Ordinal)).Value.Split('\n', 2);
        return SendAsync("Fetch.fulfillRequest", new JsonObject
        {
            ["requestId"] = request,
            ["responseCode"] = 200,
            ["responseHeaders"] = new JsonArray(new JsonObject { ["name"] = "Content-Type", ["value"] = answer[0] }),
            ["body"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(answer[1])),
        });
    }

    private Task<JsonNode> SendAsync(string method, JsonObject parameters) => browser.SendAsync(method, parameters, session);
}
