#pragma warning disable
using Koalarization.Checkpoints;
namespace Koalarization.Checkpoints { public sealed record DownloadProgress(long Bytes, long? TotalBytes); public sealed record ResolvedCheckpoint(string Path);
 public sealed class CheckpointSource(TimeProvider t) { public Task<ResolvedCheckpoint> ResolveAsync(string c, string? s, IProgress<DownloadProgress> p, CancellationToken ct) => Task.FromResult(new ResolvedCheckpoint(c)); } }
namespace Koalarization.Inception {
public sealed class CheckpointWeights(Checkpoint c) : INetworkWeights { public string Identity => c.Sha256; public bool IsRandom => false; public void Read(string v, ReadOnlySpan<long> s, Span<float> d) => c.ReadFloats(v, d); }
public sealed class ImageNetLabels { public string NameOf(int i) => ""; public static ImageNetLabels Load(string p) => new(); }
}
