using Koalarization.Inception.Devices;

namespace Koalarization.Inception.Tests.Devices;

public sealed class LibTorchTests
{
    private const string Name = "the libtorch 2.11.0 in /x";

    [Theory]
    [InlineData("version.py", "__version__ = '2.11.0+cu130'\ndebug = False\n", "2.11.0+cu130")]
    [InlineData("version.py", "from typing import Optional\n\n__all__ = ['__version__', 'debug']\n__version__ = \"2.10.0\"\n", "2.10.0")]
    [InlineData("build-version", "2.10.0+cu128\n", "2.10.0+cu128")]
    [InlineData("version.txt", "2.10.0", null)]
    [InlineData("version.py", "no version here", null)]
    public void A_version_is_read_beside_the_libraries(string file, string text, string? version)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["torch/lib"]);
        File.WriteAllText(folder["torch/" + file], text);
        Directory.CreateSymbolicLink(folder["link"], folder["torch/lib"]);

        Assert.Equal(version, LibTorch.VersionIn(folder["torch/lib"]));
        Assert.Equal(version, LibTorch.VersionIn(folder["torch/lib/"]));
        Assert.Equal(version, LibTorch.VersionIn(folder["link"]));
    }

    // The texts are those of glibc's loader.
    [Theory]
    [InlineData("/x/libLibTorchSharp.so: undefined symbol: _ZN3c105ErrorC1ESs", Name + " lacks a function that this program calls (_ZN3c105ErrorC1ESs): install PyTorch 2.10")]
    [InlineData(
        "libcudart.so.13: cannot open shared object file: No such file or directory",
        Name + " needs libcudart.so.13, which is not on this machine: install the packages that belong to that PyTorch, or put the library's folder into LD_LIBRARY_PATH")]
    [InlineData("/x/libtorch_cpu.so: file too short", Name + " does not load: /x/libtorch_cpu.so: file too short")]
    [InlineData("/x/libtorch_cpu.so: cannot open shared object file: No such file or directory", Name + " does not load: /x/libtorch_cpu.so: cannot open shared object file: No such file or directory")]
    public void The_loaders_reason_becomes_what_to_do(string reason, string sentence)
        => Assert.Equal(sentence, LibTorch.Explained(Name, "/x/libtorch_cpu.so", reason));

    [Theory]
    [InlineData(null, "13.0", "this machine has no NVIDIA driver (libcuda.so.1 does not load): install it")]
    [InlineData("12.2", "13.0", "the NVIDIA driver serves CUDA 12.2, and libtorch 2.11.0 needs CUDA 13.0: install a newer driver, or a PyTorch for CUDA 12")]
    [InlineData("13.1", "13.0", "the NVIDIA driver shows no GPU that this process may use: look at nvidia-smi and CUDA_VISIBLE_DEVICES")]
    [InlineData("12.8", "12.9", "the NVIDIA driver shows no GPU that this process may use: look at nvidia-smi and CUDA_VISIBLE_DEVICES")]
    public void A_driver_that_does_not_serve_says_what_to_install(string? driver, string needed, string sentence)
        => Assert.Equal(sentence, CudaDriver.FaultOf(driver is null ? null : new Version(driver), new Version(needed), "2.11.0"));
}
