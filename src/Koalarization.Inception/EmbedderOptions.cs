namespace Koalarization.Inception;

/// <summary>How to run the network.</summary>
/// <param name="Device">Where.</param>
/// <param name="Precision">With which numbers.</param>
/// <param name="BatchSize">Pictures in a full batch, 1 to 1024. On a CPU at least two for each core, or cores stand idle.</param>
/// <param name="Threads">CPU only: threads to compute with; null: as many as there are cores.</param>
public sealed record EmbedderOptions(
    EmbedDevice Device, EmbedPrecision Precision = EmbedPrecision.Fp32, int BatchSize = 8, int? Threads = null);
