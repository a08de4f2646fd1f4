using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.LabBatch;

/// <summary>A checkpoint's download begins.</summary>
/// <param name="Url">Its URL.</param>
/// <param name="Bytes">Its size; null: the server does not say.</param>
/// <param name="RoomBytes">What the disk needs for it, unpacked beside the archive; null likewise.</param>
/// <param name="Folder">Where it is kept.</param>
internal sealed record CheckpointDownloading(string Url, long? Bytes, long? RoomBytes, string Folder) : ReportEvent
{
    public override string Sentence => Bytes is long bytes
        ? $"Downloading {Shown(Url)}, {bytes / 1e6:N1} MB, once; it needs {RoomBytes / 1e6:N1} MB in {Folder} until it is unpacked."
        : $"Downloading {Shown(Url)}, once, to {Folder}; the server does not say how large it is.";
}

/// <summary>A checkpoint was downloaded.</summary>
/// <param name="Url">Its URL.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">The SHA-256 of what came.</param>
internal sealed record CheckpointDownloaded(string Url, long Bytes, string Sha256) : ReportEvent
{
    public override string Sentence => $"Downloaded {Bytes / 1e6:N1} MB with SHA-256 {Sha256}; --checkpoint-sha256 {Sha256} insists on it on other machines.";
}
