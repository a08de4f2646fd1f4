using System.Runtime.InteropServices;
using TorchSharp;

namespace Koalarization.Inception.Devices;

/// <summary>libtorch in this process, with the allocator set up for it.</summary>
internal static partial class TorchRuntime
{
    private const int TrimThreshold = -1;
    private const int TopPad = -2;
    private const int MmapThreshold = -3;
    private static readonly Lazy<bool> Started = new(Start);

    /// <summary>Loads libtorch. Before any tensor, for the allocator's sake.</summary>
    /// <exception cref="DllNotFoundException">It does not load; the message is the system's reason, on one line.</exception>
    public static void EnsureStarted() => _ = Started.Value;

    /// <summary>Gives free memory back to the system, once after loading: a network leaves as much behind as it has.</summary>
    public static void ReturnFreeMemory()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = MallocTrim(0);
        }
    }

    private static bool Start()
    {
        // Activations are tens of megabytes, freed and taken again with every layer: without this each is mapped, cleared and unmapped again.
        if (OperatingSystem.IsLinux())
        {
            _ = MallOpt(MmapThreshold, int.MaxValue);
            _ = MallOpt(TrimThreshold, int.MaxValue);
            _ = MallOpt(TopPad, 256 << 20);
        }

        LibTorch.EnsureLoaded();
        torch.InitializeDeviceType(DeviceType.CPU);
        return true;
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int MallOpt(int parameter, int value);

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int MallocTrim(nuint keptBytes);
}
