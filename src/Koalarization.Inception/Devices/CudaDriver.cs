using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Koalarization.Inception.Devices;

/// <summary>A GPU that CUDA's driver shows.</summary>
/// <param name="Name">Its model.</param>
/// <param name="MemoryBytes">Its memory.</param>
/// <param name="Capability">Its compute capability.</param>
public sealed record CudaDevice(string Name, long MemoryBytes, Version Capability)
{
    /// <summary>Whether it multiplies in <see cref="EmbedPrecision.Bf16"/> and <see cref="EmbedPrecision.Tf32"/>.</summary>
    public bool HasBf16 => Capability.Major >= 8;

    /// <summary>The memory of a GPU that all programs together use, in bytes; 0 where it is not known.</summary>
    /// <param name="index">The GPU.</param>
    public static unsafe long MemoryInUse(int index)
    {
        nuint free, total;
        return LibTorch.TryGetFunction("cudaSetDevice", out nint choose)
            && LibTorch.TryGetFunction("cudaMemGetInfo", out nint ask)
            && ((delegate* unmanaged<int, int>)choose)(index) == 0
            && ((delegate* unmanaged<nuint*, nuint*, int>)ask)(&free, &total) == 0
            ? (long)(total - free)
            : 0;
    }
}

/// <summary>NVIDIA's driver, asked through its C interface (libcuda.so.1), which needs no libtorch.</summary>
internal static unsafe class CudaDriver
{
    private const int CapabilityMajor = 75;
    private const int CapabilityMinor = 76;

    /// <summary>The newest CUDA that the driver serves; null: there is no driver.</summary>
    public static Version? Cuda
    {
        get
        {
            int version;
            return Library.Value != 0 && ((delegate* unmanaged<int*, int>)Function("cuDriverGetVersion"))(&version) == 0 ? VersionOf(version) : null;
        }
    }

    private static Lazy<nint> Library { get; } = new(() => NativeLibrary.TryLoad("libcuda.so.1", out nint library) ? library : 0);

    /// <summary>The GPUs that this process may use, by their index; none without a driver.</summary>
    public static IReadOnlyList<CudaDevice> Devices()
    {
        int count;
        if (Library.Value == 0 || ((delegate* unmanaged<uint, int>)Function("cuInit"))(0) != 0 || ((delegate* unmanaged<int*, int>)Function("cuDeviceGetCount"))(&count) != 0)
        {
            return [];
        }

        var devices = new List<CudaDevice>();
        byte* name = stackalloc byte[256];
        for (int i = 0; i < count; i++)
        {
            int device, major, minor;
            nuint bytes;
            var attribute = (delegate* unmanaged<int*, int, int, int>)Function("cuDeviceGetAttribute");
            if (((delegate* unmanaged<int*, int, int>)Function("cuDeviceGet"))(&device, i) == 0
                && ((delegate* unmanaged<byte*, int, int, int>)Function("cuDeviceGetName"))(name, 256, device) == 0
                && ((delegate* unmanaged<nuint*, int, int>)Function("cuDeviceTotalMem_v2"))(&bytes, device) == 0
                && attribute(&major, CapabilityMajor, device) == 0
                && attribute(&minor, CapabilityMinor, device) == 0)
            {
                devices.Add(new CudaDevice(Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name)), (long)bytes, new Version(major, minor)));
            }
        }

        return devices;
    }

    /// <summary>The CUDA that the loaded libtorch was built for.</summary>
    public static Version? CudaOfLibTorch()
    {
        int version;
        return LibTorch.TryGetFunction("cudaRuntimeGetVersion", out nint function) && ((delegate* unmanaged<int*, int>)function)(&version) == 0 ? VersionOf(version) : null;
    }

    /// <summary>Why the loaded libtorch can use no GPU, as a sentence that says what to do; null: it can.</summary>
    public static string? Fault(int usable)
    {
        if (usable > 0)
        {
            return null;
        }

        if (!LibTorch.HasCuda)
        {
            return LibTorch.Folder is string folder
                ? $"the libtorch {LibTorch.Version} in {folder} is for the CPU only: install a PyTorch for CUDA there"
                : "this program's own libtorch is for the CPU only: name the torch/lib of a PyTorch for CUDA with --libtorch";
        }

        return FaultOf(Cuda, CudaOfLibTorch(), LibTorch.Version);
    }

    /// <summary>Why a libtorch for CUDA finds no GPU.</summary>
    /// <param name="driver">The CUDA that the driver serves; null: there is none.</param>
    /// <param name="needed">The CUDA that libtorch was built for, where it is known.</param>
    /// <param name="libTorch">libtorch's version.</param>
    internal static string FaultOf(Version? driver, Version? needed, string libTorch) =>
        driver is null ? "this machine has no NVIDIA driver (libcuda.so.1 does not load): install it"
        : needed is not null && driver.Major < needed.Major ? string.Create(
            CultureInfo.InvariantCulture,
            $"the NVIDIA driver serves CUDA {driver}, and libtorch {libTorch} needs CUDA {needed}: install a newer driver, or a PyTorch for CUDA {driver.Major}")
        : "the NVIDIA driver shows no GPU that this process may use: look at nvidia-smi and CUDA_VISIBLE_DEVICES";

    private static Version VersionOf(int number) => new(number / 1000, number % 1000 / 10);

    private static nint Function(string name) => NativeLibrary.GetExport(Library.Value, name);
}
