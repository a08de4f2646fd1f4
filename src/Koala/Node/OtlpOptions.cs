using System.CommandLine;
using Koalarization.Harvest.Links;
using Koalarization.Koala.Commands;
using OpenTelemetry.Exporter;

namespace Koalarization.Koala.Node;

/// <summary>The options of what a node sends to a collector of OpenTelemetry.</summary>
internal sealed class OtlpOptions
{
    /// <summary>OpenTelemetry's own variable for <c>--otlp</c>.</summary>
    public const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private const string ProtocolVariable = "OTEL_EXPORTER_OTLP_PROTOCOL";

    private readonly Option<string?> _url = new("--otlp")
    {
        Description = $"Send metrics to this collector of OpenTelemetry (default: {EndpointVariable}, or not)",
        HelpName = "URL",
    };

    private readonly Option<string[]> _trace = new("--trace")
    {
        Description = "Follow this picture over all nodes that have the option, and send its trace to the collector; may be given several times",
        HelpName = "NAME|URL",
    };

    private readonly Option<double?> _share = new Option<double?>("--trace-ratio")
    {
        Description = "Follow this share of all pictures, the same ones on all nodes, such as 0.001",
        HelpName = "SHARE",
    }.Number(share => share is > 0 and <= 1, "above 0 and at most 1, such as 0.001");

    public void AddTo(Command command)
    {
        command.Add(_url);
        command.Add(_trace);
        command.Add(_share);
    }

    /// <summary>The collector; null: nothing is sent.</summary>
    /// <exception cref="UserErrorException">A value cannot be used.</exception>
    public OtlpEndpoint? Endpoint(ParseResult arguments)
    {
        (string name, string? url) = arguments.GetValue(_url) is string given ? ("--otlp", given) : (EndpointVariable, EnvironmentVariable.Value(EndpointVariable));
        string[] pictures = arguments.GetValue(_trace) ?? [];
        if (url is null)
        {
            return pictures.Length == 0 && arguments.GetValue(_share) is null
                ? null
                : throw new UserErrorException("--trace and --trace-ratio send traces to a collector; name it with --otlp.", ExitCode.UsageError);
        }

        return new OtlpEndpoint(UrlOf(name, url), Protocol())
        {
            TracedPictures = [.. pictures.Select(picture => LinkSource.IsUrl(picture) ? Link.NameOf(picture) : picture)],
            TracedShare = arguments.GetValue(_share) ?? 0,
        };
    }

    private static Uri UrlOf(string name, string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out Uri? parsed) && parsed.Scheme is "http" or "https" && parsed.Host.Length > 0
            ? parsed.UserInfo.Length == 0
                ? parsed
                : throw new UserErrorException($"{name} must have no user and no password, which would be seen by others; put a header into OTEL_EXPORTER_OTLP_HEADERS.", ExitCode.UsageError)
            : throw new UserErrorException($"{name} must be the URL of a collector, such as http://127.0.0.1:4318, not '{UrlSecrets.Hide(url)}'.", ExitCode.UsageError);

    private static OtlpExportProtocol Protocol() => EnvironmentVariable.Value(ProtocolVariable) switch
    {
        null or "http/protobuf" => OtlpExportProtocol.HttpProtobuf,
        "grpc" => OtlpExportProtocol.Grpc,
        string other => throw new UserErrorException($"{ProtocolVariable} must be http/protobuf or grpc, not '{other}'.", ExitCode.UsageError),
    };
}
