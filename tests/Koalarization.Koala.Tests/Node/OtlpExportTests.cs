using System.Collections.Concurrent;
using System.CommandLine;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Koalarization.Cluster.Hosting;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Node;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Exporter;
using OpenTelemetry.Trace;

namespace Koalarization.Koala.Tests.Node;

/// <summary>What a collector of OpenTelemetry gets of a node, and what a node says of a collector.</summary>
public sealed class OtlpExportTests
{
    private const string Picture = "0123456789abcdef0123456789abcdef.jpeg", Other = "ffffffffffffffffffffffffffffffff.jpeg";

    private readonly Lines _log = new();

    [Fact]
    public async Task A_collector_gets_the_meters_with_who_sends_them()
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        using OtlpExport export = Start(new OtlpEndpoint(receiver.Url));
        ClusterInstruments.DeadLetters.Add(3);
        export.Flush();
        (string path, string? type, byte[] body) = Assert.Single(receiver.Requests);
        Assert.Equal(("POST /v1/metrics", "application/x-protobuf"), (path, type));
        foreach (string text in (string[])["koala.dead_letters", "service.name", "koala", "service.instance.id", "a.lan:8650", "service.version", "1.2.3", "dotnet.gc.collections"])
        {
            Assert.True(Has(body, text), text);
        }

        Assert.Empty(_log.All);
    }

    [Fact]
    public async Task A_collector_with_a_path_of_its_own_gets_them_below_it()
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        using OtlpExport export = Start(new OtlpEndpoint(new Uri(receiver.Url, "otlp/")));
        export.Flush();
        Assert.Equal("POST /otlp/v1/metrics", Assert.Single(receiver.Requests).Path);
    }

    [Fact]
    public async Task A_collector_that_speaks_grpc_gets_them_too()
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync(HttpProtocols.Http2);
        using OtlpExport export = Start(new OtlpEndpoint(receiver.Url, OtlpExportProtocol.Grpc));
        export.Flush();
        Assert.Empty(_log.All);
        (string path, string? type, byte[] body) = Assert.Single(receiver.Requests);
        Assert.Equal(("POST /opentelemetry.proto.collector.metrics.v1.MetricsService/Export", "application/grpc"), (path, type));
        Assert.True(Has(body, "a.lan:8650"));
    }

    [Fact]
    public async Task Spans_of_a_named_picture_are_one_trace_whoever_records_them_and_others_are_not_sent()
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        var collector = new OtlpEndpoint(receiver.Url) { TracedPictures = [Picture] };
        using (OtlpExport export = Start(collector))
        {
            PictureTrace.Ended("fetch", "birds", Picture, TimeSpan.FromSeconds(2), ("koala.outcome", "kept"));
            PictureTrace.Ended("fetch", "birds", Other, TimeSpan.FromSeconds(2));
            Assert.Null(Activity.Current);
            export.Flush();
        }

        using (OtlpExport export = Start(collector))
        {
            PictureTrace.Ended("write", "birds", Picture, TimeSpan.FromSeconds(3));
            export.Flush();
        }

        // By the definition: what docs/operations.md says of the id.
        byte[] trace = SHA256.HashData(Encoding.UTF8.GetBytes("birds\n" + Picture))[..16];
        byte[][] spans = [.. receiver.Requests.Where(request => request.Path == "POST /v1/traces").Select(request => request.Body)];
        Assert.Equal(2, spans.Length);
        Assert.All(spans, body => Assert.True(body.AsSpan().IndexOf(trace) >= 0));
        Assert.True(Has(spans[0], "fetch") && Has(spans[0], "kept") && Has(spans[1], "write"));
        Assert.DoesNotContain(spans, body => Has(body, Other));
        Assert.False(PictureTrace.IsOn);
    }

    [Fact]
    public void A_share_of_pictures_is_the_same_on_all_nodes_and_about_as_large_as_asked_for()
    {
        string[] pictures = [.. Enumerable.Range(0, 10_000).Select(number => $"{number}.jpeg")];
        string[] one = [.. pictures.Where(picture => IsTraced(new PictureSampler([], 0.01), picture))], another = [.. pictures.Where(picture => IsTraced(new PictureSampler([], 0.01), picture))];
        Assert.Equal(one, another);
        Assert.InRange(one.Length, 60, 140);
        Assert.DoesNotContain(pictures, picture => IsTraced(new PictureSampler([Picture], 0), picture));
        Assert.True(IsTraced(new PictureSampler([Picture], 0), Picture));
    }

    [Fact]
    public async Task A_collector_that_refuses_is_told_of_once_and_once_when_it_takes_again()
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        receiver.Status = 503;
        using OtlpExport export = Start(new OtlpEndpoint(receiver.Url));
        export.Flush();
        export.Flush();
        Assert.Contains("answers with 503", Assert.Single(_log.All), StringComparison.Ordinal);
        receiver.Status = 200;
        export.Flush();
        export.Flush();
        Assert.Equal(2, _log.All.Count);
        Assert.Contains("again", _log.All.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_collector_that_is_not_there_is_told_of_once()
    {
        int port;
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            port = ((IPEndPoint)listener.LocalEndpoint).Port;
        }

        using (OtlpExport export = Start(new OtlpEndpoint(new Uri($"http://127.0.0.1:{port}"))))
        {
            export.Flush();
            export.Flush();
        }

        Assert.Contains("does not take metrics", Assert.Single(_log.All), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--otlp collector:4318", "--otlp must be the URL of a collector")]
    [InlineData("--otlp ftp://collector", "--otlp must be the URL of a collector")]
    [InlineData("--otlp http://user:word@collector:4318", "no user and no password")]
    [InlineData("--trace a.jpeg", "name it with --otlp")]
    [InlineData("--trace-ratio 0.5", "name it with --otlp")]
    public void What_cannot_be_used_is_refused_in_one_sentence(string line, string part)
    {
        UserErrorException refused = Assert.Throws<UserErrorException>(() => Parse(line));
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains(part, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("word@", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_picture_is_named_by_its_name_or_by_its_url()
    {
        // printf %s http://a.example/b.jpg | md5sum
        OtlpEndpoint collector = Parse($"--otlp http://collector:4318 --trace {Picture} --trace http://a.example/b.jpg --trace-ratio 0.25")!;
        Assert.Equal([Picture, "820bb90a6d91ec6529c859ba38c787bf.jpeg"], collector.TracedPictures);
        Assert.Equal(0.25, collector.TracedShare);
        Assert.Null(Parse(""));
    }

    private static OtlpEndpoint? Parse(string line)
    {
        var options = new OtlpOptions();
        var command = new Command("node");
        options.AddTo(command);
        return options.Endpoint(command.Parse(line));
    }

    private static bool IsTraced(PictureSampler sampler, string picture)
    {
        ActivityContext context = PictureTrace.Of("birds", picture);
        KeyValuePair<string, object?>[] tags = [new(PictureTrace.PictureTag, picture)];
        return sampler.ShouldSample(new SamplingParameters(context, context.TraceId, "fetch", ActivityKind.Internal, tags, links: null)).Decision == SamplingDecision.RecordAndSample;
    }

    private static bool Has(byte[] body, string text) => body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;

    private OtlpExport Start(OtlpEndpoint collector) => OtlpExport.Start(collector, "a.lan:8650", "1.2.3", _log);

    private sealed class Lines : ILogger
    {
        public ConcurrentQueue<string> All { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => All.Enqueue(formatter(state, exception));
    }
}
