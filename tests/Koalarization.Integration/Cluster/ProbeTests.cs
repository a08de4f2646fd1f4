using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Xunit.Abstractions;

namespace Koalarization.Integration.Cluster;

/// <summary>What a real node tells those that watch it.</summary>
public sealed class ProbeTests(ITestOutputHelper output) : ClusterFixture(output)
{
    private readonly HttpClient _http = new();
    private readonly ConcurrentQueue<(string Path, byte[] Body)> _sent = [];

    [Fact]
    public async Task A_node_serves_health_and_metrics_and_nothing_else_and_a_control_node_the_demand_for_embedders()
    {
        int probes = FreePorts.Take();
        await using WebApplication collector = await CollectorAsync();
        string traced = Web.Links(40).First(link => link.Contains("/picture/", StringComparison.Ordinal));
        Cluster.Environment["OTEL_METRIC_EXPORT_INTERVAL"] = "1000";
        Cluster.Environment["OTEL_BSP_SCHEDULE_DELAY"] = "200";
        ClusterNode node = Cluster.Add(
            "control,fetch,embed,write", "--device", "simulated", "--probes", $"{probes}", "--otlp", collector.Urls.Single(), "--trace", traced);
        await Cluster.StartAsync();
        _http.BaseAddress = new Uri($"http://127.0.0.1:{probes}");
        ClusterWork work = new ClusterWork(Folder, batchSize: 10).With(
            Web.Links(40).Where(link => link.Contains("/picture/", StringComparison.Ordinal) || link.Contains("/gone/", StringComparison.Ordinal)));
        await Cluster.EndAsync(await Cluster.SubmitAsync(work.Submitting("data")), TimeSpan.FromMinutes(2));

        await Pause.UntilAsync("the node is ready", TimeSpan.FromMinutes(1), async () => (await AskAsync(HttpMethod.Get, "/healthz/ready")).Code == 200);
        Assert.Equal((200, "ok\n"), await AskAsync(HttpMethod.Get, "/healthz/ready"));
        Assert.Equal((200, "ok\n"), await AskAsync(HttpMethod.Get, "/healthz/live"));
        Assert.Equal((200, ""), await AskAsync(HttpMethod.Head, "/healthz/live"));
        Assert.Equal((405, ""), await AskAsync(HttpMethod.Post, "/healthz/live"));
        Assert.Equal((405, ""), await AskAsync(HttpMethod.Delete, "/metrics"));
        foreach (string path in (string[])["/", "/api/v1/jobs", "/healthz", "/metrics/x"])
        {
            Assert.Equal((path, 404), (path, (await AskAsync(HttpMethod.Get, path)).Code));
        }

        Dictionary<string, double> metrics = await MetricsAsync();
        Assert.Equal(25, metrics["koala_links_total{outcome=kept}"]);
        Assert.Equal(5, metrics["koala_links_total{outcome=not_found}"]);
        Assert.Equal(25, metrics["koala_pictures_resized_total"]);
        Assert.Equal(25, metrics["koala_records_pictures_total"]);
        Assert.Equal(3, metrics["koala_records_total"]);
        Assert.Equal(Directory.EnumerateFiles(Cluster["data"], "*.tfrecord", SearchOption.AllDirectories).DistinctBy(Path.GetFileName).Sum(file => new FileInfo(file).Length), metrics["koala_records_size_bytes_total"]);
        Assert.InRange(metrics["koala_embed_pictures_total"], 25, 50);
        Assert.Equal(25, metrics["koala_resize_duration_seconds_count"]);
        Assert.True(metrics["koala_store_flush_duration_seconds_count"] > 0);
        Assert.Equal(1, metrics["koala_nodes{role=embed,state=up}"]);
        Assert.Equal(1, metrics["koala_jobs{phase=done}"]);
        Assert.Equal(0, metrics["koala_embedders_wanted"]);

        _http.Dispose();
        using var control = new HttpClient { BaseAddress = new Uri(node.Control) };
        Assert.Equal("""{"wanted":0,"records":0,"pictures":0,"embedders":1,"opening":0}""", await control.GetStringAsync("/api/v1/scaling/embed?pictures_per_embedder=7"));
        foreach (string number in (string[])["0", "-1", "x", "99999999999"])
        {
            using HttpResponseMessage refused = await control.GetAsync("/api/v1/scaling/embed?pictures_per_embedder=" + number);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }

        await Pause.UntilAsync("the collector has metrics and the trace", TimeSpan.FromMinutes(1), () => Task.FromResult(HasAll(traced, node)));
        await ClusterOfProcesses.LeaveAsync(node);
        Cluster.Passed();
    }

    private async Task<WebApplication> CollectorAsync()
    {
        WebApplication collector = LoopbackServer.Create(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            _sent.Enqueue((context.Request.Path, body.ToArray()));
        });
        await collector.StartAsync();
        return collector;
    }

    private bool HasAll(string traced, ClusterNode node)
    {
#pragma warning disable CA5351 // MD5 is the name's definition, not a protection.
        string name = Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(traced))) + ".jpeg";
#pragma warning restore CA5351
        byte[] trace = SHA256.HashData(Encoding.UTF8.GetBytes("data\n" + name))[..16];
        return _sent.Any(request => request.Path == "/v1/metrics" && Has(request.Body, "koala.records.pictures") && Has(request.Body, node.Address))
            && ((string[])["fetch", "resize", "embed", "write"]).All(
                span => _sent.Any(request => request.Path == "/v1/traces" && Has(request.Body, span) && Has(request.Body, name) && request.Body.AsSpan().IndexOf(trace) >= 0));
    }

    private static bool Has(byte[] body, string text) => body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;

    private async Task<(int Code, string Body)> AskAsync(HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path);
        using HttpResponseMessage answer = await _http.SendAsync(request);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private async Task<Dictionary<string, double>> MetricsAsync() =>
        (await _http.GetStringAsync("/metrics")).Split('\n')
            .Where(line => line.StartsWith("koala_", StringComparison.Ordinal) && !line.Contains("_bucket", StringComparison.Ordinal))
            .Select(line => line.Split(' '))
            .ToDictionary(words => NameOf(words[0]), words => double.Parse(words[1], System.Globalization.CultureInfo.InvariantCulture));

    // Without the meter's name, which every line has.
    private static string NameOf(string series)
    {
        string[] parts = series.TrimEnd('}').Split('{');
        string[] labels = [.. parts[^1].Split(',').Where(label => !label.StartsWith("otel_scope", StringComparison.Ordinal)).Select(label => label.Replace("\"", "", StringComparison.Ordinal))];
        return parts.Length == 1 || labels.Length == 0 ? parts[0] : $"{parts[0]}{{{string.Join(',', labels)}}}";
    }
}
