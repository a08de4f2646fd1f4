using OpenTelemetry.Exporter;

namespace Koalarization.Koala.Node;

/// <summary>A collector of OpenTelemetry that a node sends to.</summary>
/// <param name="Url">Its base, without the path of a signal.</param>
/// <param name="Protocol">How it is spoken to.</param>
internal sealed record OtlpEndpoint(Uri Url, OtlpExportProtocol Protocol = OtlpExportProtocol.HttpProtobuf)
{
    /// <summary>The names of the pictures that are traced.</summary>
    public IReadOnlyList<string> TracedPictures { get; init; } = [];

    /// <summary>The share of all pictures that is traced besides.</summary>
    public double TracedShare { get; init; }

    /// <summary>Whether any picture is traced.</summary>
    public bool HasTraces => TracedPictures.Count > 0 || TracedShare > 0;

    /// <summary>Where a signal goes.</summary>
    /// <param name="name"><c>metrics</c> or <c>traces</c>.</param>
    public Uri Of(string name) => Protocol == OtlpExportProtocol.Grpc ? Url : new Uri(Url.AbsoluteUri.TrimEnd('/') + "/v1/" + name);
}
