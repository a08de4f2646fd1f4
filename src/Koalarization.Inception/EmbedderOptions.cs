namespace Koalarization.Inception;

/// <summary>How to run the network.</summary>
/// <param name="Device">Where.</param>
/// <param name="Precision">With which numbers.</param>
/// <param name="BatchSize">Pictures in the one batch shape, 1 to 1024.</param>
/// <param name="Threads">Threads of the process's CPU kernels, for all embedders together; null: as many as there are cores.</param>
public sealed record EmbedderOptions(
    EmbedDevice Device, EmbedPrecision Precision = EmbedPrecision.Fp32, int BatchSize = 8, int? Threads = null);
