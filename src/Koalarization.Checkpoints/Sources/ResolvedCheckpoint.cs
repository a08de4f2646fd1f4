namespace Koalarization.Checkpoints.Sources;

/// <summary>A checkpoint on this machine.</summary>
/// <param name="Path">What <see cref="Checkpoint.Open"/> takes.</param>
/// <param name="SourceSha256">
/// SHA-256, as 64 lower-case hex digits, of the file or archive that was given or downloaded, as it is. Of a local checkpoint that
/// is several files it is <see cref="Checkpoint.Sha256"/>. Null for a local checkpoint when no hash was asked for.
/// </param>
public sealed record ResolvedCheckpoint(string Path, string? SourceSha256)
{
    /// <summary>Bytes that were downloaded for it now; null: none, it was on this machine.</summary>
    public long? Downloaded { get; init; }
}
