namespace Koalarization.Inception.Devices;

/// <summary>The numbers that the network computes with; logits always come out as float32.</summary>
public enum EmbedPrecision
{
    /// <summary>IEEE float32 throughout: the original's numbers within 1e-4.</summary>
    Fp32,

    /// <summary>bfloat16 with float32 sums: a GPU, or a CPU with AVX512_BF16 or AMX.</summary>
    Bf16,

    /// <summary>IEEE half precision: GPUs only.</summary>
    Fp16,

    /// <summary>float32 whose products are rounded to TensorFloat-32: GPUs only.</summary>
    Tf32,
}
