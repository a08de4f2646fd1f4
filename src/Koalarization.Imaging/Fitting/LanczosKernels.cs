using System.Runtime.Intrinsics.X86;

namespace Koalarization.Imaging.Fitting;

/// <summary>The kernels of this machine.</summary>
internal static class LanczosKernels
{
    /// <summary>Runs everywhere.</summary>
    public static ILanczosKernel Scalar { get; } = new ScalarLanczosKernel();

    /// <summary>Only where the processor has AVX2.</summary>
    public static ILanczosKernel WithAvx2 { get; } = new VectorLanczosKernel<Avx2LanczosSums>();

    /// <summary>Only where the processor has AVX-512BW.</summary>
    public static ILanczosKernel WithAvx512 { get; } = new VectorLanczosKernel<Avx512LanczosSums>();

    /// <summary>The fastest one that this processor can run.</summary>
    public static ILanczosKernel Best { get; } =
        Avx512BW.IsSupported ? WithAvx512 : Avx2.IsSupported ? WithAvx2 : Scalar;
}
