using Koalarization.Inception.Devices;

namespace Koalarization.Inception.Tests.Devices;

public sealed class FasterHereTests : IDisposable
{
    private readonly string _environment = Directory.CreateTempSubdirectory("koala-environment-").FullName;

    private string Torch => Path.Combine(_environment, "lib/python3.12/site-packages/torch/lib");

    public void Dispose() => Directory.Delete(_environment, recursive: true);

    [Fact]
    public void A_gpu_that_lies_idle_comes_before_bf16()
    {
        Assert.EndsWith("add --device cuda --libtorch /torch/lib", FasterHere.Sentence(EmbedDevice.Cpu, EmbedPrecision.Fp32, hasBf16: true, "/torch/lib", used: null), StringComparison.Ordinal);
        Assert.EndsWith("add --device cuda", FasterHere.Sentence(EmbedDevice.Cpu, EmbedPrecision.Bf16, hasBf16: true, "/torch/lib", used: "/torch/lib"), StringComparison.Ordinal);
        Assert.EndsWith("add --precision bf16", FasterHere.Sentence(EmbedDevice.Cpu, EmbedPrecision.Fp32, hasBf16: true, torch: null, used: null), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_fast_already_is_left_alone()
    {
        Assert.Null(FasterHere.Sentence(EmbedDevice.Cpu, EmbedPrecision.Fp32, hasBf16: false, torch: null, used: null));
        Assert.Null(FasterHere.Sentence(EmbedDevice.Cpu, EmbedPrecision.Bf16, hasBf16: true, torch: null, used: null));
        Assert.Null(FasterHere.Sentence(EmbedDevice.Cuda(0), EmbedPrecision.Fp32, hasBf16: true, "/torch/lib", used: null));
        Assert.Null(FasterHere.Sentence(EmbedDevice.Simulated(), EmbedPrecision.Fp32, hasBf16: true, "/torch/lib", used: null));
    }

    [Fact]
    public void A_libtorch_for_cuda_is_found_in_the_active_environment()
    {
        Assert.Null(FasterHere.TorchWithCuda(_ => null));
        Assert.Null(FasterHere.TorchWithCuda(_ => _environment));
        Directory.CreateDirectory(Torch);
        File.WriteAllText(Path.Combine(Torch, "libtorch_cpu.so"), "");
        Assert.Null(FasterHere.TorchWithCuda(_ => _environment));
        File.WriteAllText(Path.Combine(Torch, "libtorch_cuda.so"), "");
        Assert.Equal(Torch, FasterHere.TorchWithCuda(name => name == "VIRTUAL_ENV" ? _environment : null));
        Assert.Equal(Torch, FasterHere.TorchWithCuda(name => name == "CONDA_PREFIX" ? _environment : null));
        Assert.Equal(Torch, FasterHere.TorchWithCuda(name => name == "VIRTUAL_ENV" ? "/gone" : _environment));
    }
}
