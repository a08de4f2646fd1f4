namespace Koalarization.Inception.Devices;

/// <summary>What this machine and the libtorch that is used have for the network.</summary>
/// <param name="TorchVersion">libtorch's version, or null where it does not load.</param>
/// <param name="TorchError">Why libtorch does not load, or null.</param>
/// <param name="Cpu">The processor's vector instructions.</param>
/// <param name="HasFusedConvolutions">The fast path on the CPU works.</param>
/// <param name="LosesPackedWeights">oneDNN loses weights on this machine; the layers that this touches are computed without it.</param>
/// <param name="HasCpuBf16"><see cref="EmbedPrecision.Bf16"/> is worth asking for on the CPU.</param>
/// <param name="CudaDevices">GPUs that can be used.</param>
/// <param name="CudaFault">Why there is none, and what to do; null where there is one.</param>
public sealed record DeviceReport(
    string? TorchVersion, string? TorchError, string Cpu, bool HasFusedConvolutions, bool LosesPackedWeights, bool HasCpuBf16,
    IReadOnlyList<CudaDevice> CudaDevices, string? CudaFault);
