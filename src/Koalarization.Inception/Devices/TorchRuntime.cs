using System.Runtime.InteropServices;
using TorchSharp;

namespace Koalarization.Inception.Devices;

/// <summary>libtorch in this process.</summary>
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

        // Before TorchSharp does: where the libraries do not load, it writes pages to the console and copies half a gigabyte about.
        Load("libtorch_cpu.so");
        Load("libLibTorchSharp.so");
        torch.InitializeDeviceType(DeviceType.CPU);
        return true;
    }

    private static void Load(string library)
    {
        try
        {
            NativeLibrary.Load(library, typeof(torch).Assembly, null);
        }
        catch (DllNotFoundException error)
        {
            throw new DllNotFoundException(ReasonOf(library, error.Message), error);
        }
    }

    /// <summary>Of the loader's many lines, one for each path that it tried, the one about a library that is there and does not load.</summary>
    private static string ReasonOf(string library, string message)
    {
        IEnumerable<string> attempts = message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Skip(1);
        return attempts.FirstOrDefault(attempt => !attempt.EndsWith("No such file or directory", StringComparison.Ordinal))
            ?? $"{library} is not among the program's files";
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int MallOpt(int parameter, int value);

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int MallocTrim(nuint keptBytes);
}
