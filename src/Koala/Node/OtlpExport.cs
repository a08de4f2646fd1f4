using Koalarization.Cluster.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Koalarization.Koala.Node;

/// <summary>
/// Sends what a node measures, and traces of pictures where some are asked for, to a collector of OpenTelemetry, once a minute and at its end. It has threads of its own:
/// a collector that is slow or gone holds up no work, and what it does not take is dropped.
/// </summary>
internal sealed class OtlpExport : IDisposable
{
    // The node has left; what is not sent by then is not worth waiting for.
    private const int EndMilliseconds = 2000;

    private readonly MeterProvider _metrics;
    private readonly TracerProvider? _traces;

    private OtlpExport(MeterProvider metrics, TracerProvider? traces) => (_metrics, _traces) = (metrics, traces);

    /// <summary>Begins to send.</summary>
    /// <param name="collector">The collector.</param>
    /// <param name="node">The node's <c>host:port</c>.</param>
    /// <param name="version">The program's version.</param>
    /// <param name="log">Where it is said that the collector does not answer.</param>
    public static OtlpExport Start(OtlpEndpoint collector, string node, string? version, ILogger log)
    {
        var watch = new OtlpWatch(collector.Url, log);

        // What the environment says of the resource is the user's last word.
        ResourceBuilder resource = ResourceBuilder.CreateEmpty()
            .AddTelemetrySdk()
            .AddService("koala", serviceVersion: version, serviceInstanceId: node)
            .AddEnvironmentVariableDetector();
        MeterProvider metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter([.. NodeMeters.Names])
            .AddOtlpExporter((options, _) => Set(options, "metrics"))
            .Build();
        TracerProvider? traces = collector.HasTraces
            ? Sdk.CreateTracerProviderBuilder()
                .SetResourceBuilder(resource)
                .AddSource(PictureTrace.SourceName)
                .SetSampler(new PictureSampler(collector.TracedPictures, collector.TracedShare))
                .AddOtlpExporter(options => Set(options, "traces"))
                .Build()
            : null;
        return new OtlpExport(metrics, traces);

        void Set(OtlpExporterOptions options, string signal)
        {
            options.Protocol = collector.Protocol;
            options.Endpoint = collector.Of(signal);
            options.HttpClientFactory = () => watch.NewClient(TimeSpan.FromMilliseconds(options.TimeoutMilliseconds));
        }
    }

    /// <summary>Sends what there is now, and waits until the collector has it or does not answer.</summary>
    public void Flush()
    {
        _traces?.ForceFlush();
        _metrics.ForceFlush();
    }

    /// <summary>Sends what there is, and ends.</summary>
    public void Dispose()
    {
        _traces?.Shutdown(EndMilliseconds);
        _metrics.Shutdown(EndMilliseconds);
        _traces?.Dispose();
        _metrics.Dispose();
    }
}
