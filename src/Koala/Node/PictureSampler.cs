using Koalarization.Cluster.Hosting;
using OpenTelemetry.Trace;

namespace Koalarization.Koala.Node;

/// <summary>Chooses the pictures that are traced: those that are named, and a share of all by the trace's id, which is the same on all nodes.</summary>
/// <param name="names">The pictures' names.</param>
/// <param name="share">The share of all.</param>
internal sealed class PictureSampler(IEnumerable<string> names, double share) : Sampler
{
    private readonly HashSet<string> _names = new(names, StringComparer.Ordinal);
    private readonly TraceIdRatioBasedSampler _share = new(share);

    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
        samplingParameters.Tags?.Any(tag => tag.Key == PictureTrace.PictureTag && tag.Value is string name && _names.Contains(name)) == true
            ? new SamplingResult(SamplingDecision.RecordAndSample)
            : _share.ShouldSample(samplingParameters);
}
