using Koalarization.Inception.Devices;

namespace Koalarization.Inception.Tests;

/// <summary>A test that needs a CPU with bfloat16 products; elsewhere it is reported as skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SkippableByCpuFactAttribute : FactAttribute
{
    public SkippableByCpuFactAttribute()
        => Skip = CpuFeatures.HasBf16 ? null! : "This CPU has neither AVX512_BF16 nor AMX.";
}
