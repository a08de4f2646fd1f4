using Koalarization.Inception.Devices;
using Koalarization.Inception.Weights;

namespace Koalarization.Inception.Tests.Devices;

[Collection(TorchCollection.Name)]
public sealed class AvailabilityTests
{
    private static readonly RandomWeights Weights = new(1);

    [Theory]
    [InlineData(EmbedPrecision.Fp16, "The precision fp16 needs a CUDA device: on the CPU use fp32 or bf16.")]
    [InlineData(EmbedPrecision.Tf32, "The precision tf32 needs a CUDA device: on the CPU use fp32 or bf16.")]
    public void A_precision_of_GPUs_is_refused_on_the_CPU(EmbedPrecision precision, string message)
        => Assert.Equal(message, Refusal(new EmbedderOptions(EmbedDevice.Cpu, precision)));

    [Fact]
    public void A_GPU_that_is_not_there_is_refused()
        => Assert.Contains(
            Embedders.Probe().CudaDevices.Count == 0 ? "No CUDA device can be used" : "There is no cuda:200",
            Refusal(new EmbedderOptions(EmbedDevice.Cuda(200))));

    [Theory]
    [InlineData(0)]
    [InlineData(1025)]
    public void A_batch_out_of_range_is_refused(int batchSize)
        => Assert.Throws<ArgumentOutOfRangeException>(() => Embedders.Create(Weights, Embedding.OnCpu(batchSize: batchSize)));

    [Fact]
    public void The_batch_suits_the_threads_unless_it_is_given()
    {
        using IEmbedder own = Embedders.Create(Weights, new EmbedderOptions(EmbedDevice.Cpu, Threads: 3));
        using IEmbedder given = Embedders.Create(null, new EmbedderOptions(EmbedDevice.Simulated(), BatchSize: 5));

        Assert.Equal((24, 5), (own.BatchSize, given.BatchSize));
    }

    [Fact]
    public void No_threads_are_refused()
        => Assert.Throws<ArgumentOutOfRangeException>(() => Embedders.Create(Weights, Embedding.OnCpu(threads: 0)));

    [Fact]
    public void The_probe_finds_libtorch_and_the_fused_convolutions()
    {
        DeviceReport report = Embedders.Probe();

        Assert.Null(report.TorchError);
        Assert.StartsWith("2.", report.TorchVersion, StringComparison.Ordinal);
        Assert.True(report.HasFusedConvolutions);
        Assert.NotEmpty(report.Cpu);
    }

    [Fact]
    public void The_CPU_says_what_the_kernel_says()
    {
        string flags = File.ReadLines("/proc/cpuinfo").First(line => line.StartsWith("flags", StringComparison.Ordinal)) + " ";

        Assert.Equal(flags.Contains(" avx512_bf16 ") || flags.Contains(" amx_bf16 "), CpuFeatures.HasBf16);
    }

    private static string Refusal(EmbedderOptions options)
        => Assert.Throws<EmbedderUnavailableException>(() => Embedders.Create(Weights, options)).Message;
}
