using System.Runtime.Intrinsics.X86;

namespace Koalarization.Inception.Devices;

/// <summary>What the processor has for the network, by CPUID (Intel SDM volume 2A, leaf 7).</summary>
internal static class CpuFeatures
{
    /// <summary>Fast bfloat16 products: AVX512_BF16 or AMX-BF16, with the operating system saving AVX-512 registers.</summary>
    public static bool HasBf16 { get; } = Avx512F.IsSupported && (HasAvx512Bf16() || HasAmxBf16());

    /// <summary>The vector instructions, in words.</summary>
    public static string Description { get; } =
        !Avx512F.IsSupported ? Avx2.IsSupported ? "AVX2" : "no AVX2"
        : HasAmxBf16() ? "AVX-512, AMX bf16"
        : HasAvx512Bf16() ? "AVX-512, bf16"
        : "AVX-512";

    private static bool HasAvx512Bf16() => X86Base.IsSupported && (X86Base.CpuId(7, 1).Eax & (1 << 5)) != 0;

    private static bool HasAmxBf16() => X86Base.IsSupported && (X86Base.CpuId(7, 0).Edx & (1 << 22)) != 0;
}
