using System.Runtime.InteropServices;

namespace Koalarization.Checkpoints.Sources;

/// <summary>How far a download is.</summary>
/// <param name="ReceivedBytes">What has come so far.</param>
/// <param name="TotalBytes">What the server announced; null when it did not.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct DownloadProgress(long ReceivedBytes, long? TotalBytes);
