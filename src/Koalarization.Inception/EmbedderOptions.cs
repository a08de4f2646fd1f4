using Koalarization.Inception.Devices;

namespace Koalarization.Inception;

/// <summary>How to run the network.</summary>
/// <param name="Device">Where.</param>
/// <param name="Precision">With which numbers.</param>
/// <param name="BatchSize">Pictures in a full batch, 1 to 1024; null: what suits the device (on a CPU 8 for each thread, on a GPU 128).</param>
/// <param name="Threads">CPU only: threads to compute with; null: as many as there are cores.</param>
/// <param name="Phases">GPU only: receives what the parts of a batch take, while it measures.</param>
public sealed record EmbedderOptions(
    EmbedDevice Device, EmbedPrecision Precision = EmbedPrecision.Fp32, int? BatchSize = null, int? Threads = null, EmbedPhases? Phases = null);
