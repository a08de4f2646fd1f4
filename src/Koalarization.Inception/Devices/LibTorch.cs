using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using TorchSharp;

namespace Koalarization.Inception.Devices;

/// <summary>
/// The libtorch of this process: a folder that the user names, for example the <c>torch/lib</c> of a Python environment, or else the program's own.
/// A process has one, fixed as soon as it is loaded.
/// </summary>
public static partial class LibTorch
{
    /// <summary>Names the folder where no option does.</summary>
    public const string FolderVariable = "KOALA_LIBTORCH";

    private const string OwnFolder = "libtorch";

    /// <summary>The oldest version that has all that TorchSharp calls: the one that it was built for.</summary>
    private static readonly Version Oldest = new(2, 10);

    private static readonly string[] CudaLibraries = ["libc10_cuda.so", "libtorch_cuda.so"];

    /// <summary>In the order in which each needs those before it.</summary>
    private static readonly string[] Libraries = ["libc10.so", "libtorch_cpu.so", .. CudaLibraries, "libtorch.so"];

    private static readonly Lazy<Loaded> Process = new(Load);
    private static string? _folder;

    /// <summary>The folder that is used in place of the program's own libtorch, or null.</summary>
    public static string? Folder => _folder ?? (Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } named ? named : null);

    /// <summary>Names the folder, before libtorch is loaded.</summary>
    /// <exception cref="InvalidOperationException">Another libtorch is loaded already.</exception>
    public static void UseFolder(string folder)
    {
        if (Process.IsValueCreated && folder != Folder)
        {
            throw new InvalidOperationException("libtorch is loaded already, and a process has only one.");
        }

        _folder = folder;
    }

    /// <summary>Its version, such as <c>2.11.0+cu130</c>; where a folder does not tell it, <c>of unknown version</c>.</summary>
    internal static string Version => Process.Value.Version;

    /// <summary>Whether it has CUDA's part.</summary>
    internal static bool HasCuda => Process.Value.Cuda != 0;

    /// <summary>Loads it.</summary>
    /// <exception cref="DllNotFoundException">It does not load; the message is the reason, on one line.</exception>
    internal static void EnsureLoaded() => _ = Process.Value;

    /// <summary>A C function of libtorch, of its CUDA part, or of CUDA's runtime, which that brings along.</summary>
    internal static bool TryGetFunction(string name, out nint function) =>
        NativeLibrary.TryGetExport(Process.Value.Cpu, name, out function)
        || (HasCuda && NativeLibrary.TryGetExport(Process.Value.Cuda, name, out function));

    /// <summary>The version that lies beside a folder's libraries: PyTorch has <c>version.py</c> above them, a libtorch archive <c>build-version</c>.</summary>
    internal static string? VersionIn(string folder)
    {
        string real = new DirectoryInfo(folder).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? Path.GetFullPath(folder);
        string above = Path.GetDirectoryName(real.TrimEnd('/')) ?? "/";
        foreach ((string file, Regex version) in new[] { ("version.py", PythonVersion()), ("build-version", ArchiveVersion()) })
        {
            try
            {
                if (version.Match(File.ReadAllText(Path.Combine(above, file))) is { Success: true } match)
                {
                    return match.Groups["text"].Value;
                }
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // The next one may tell it; libraries that are too old are found out by what they lack.
            }
        }

        return null;
    }

    /// <summary>The loader's reason as a sentence that says what to do.</summary>
    /// <param name="name">The libtorch.</param>
    /// <param name="path">The library that does not load.</param>
    /// <param name="reason">What dlerror(3) says.</param>
    internal static string Explained(string name, string path, string reason) =>
        UndefinedSymbol().Match(reason) is { Success: true } symbol
            ? $"{name} lacks a function that this program calls ({symbol.Groups["text"].Value}): install PyTorch {Oldest}"
            : MissingLibrary().Match(reason) is { Success: true } library && library.Groups["text"].Value != path
                ? $"{name} needs {library.Groups["text"].Value}, which is not on this machine: install the packages that belong to that PyTorch, or put the library's folder into LD_LIBRARY_PATH"
                : $"{name} does not load: {reason}";

    private static Loaded Load()
    {
        string own = Path.Combine(AppContext.BaseDirectory, OwnFolder);
        return Folder is string folder ? LoadFrom(folder, VersionIn(folder))
            : Directory.Exists(own) ? LoadFrom(own, version: null) with { Version = torch.__version__ }
            : LoadFromPackages();
    }

    // A build with the packages for CUDA has them among the program's files.
    private static Loaded LoadFromPackages()
    {
        // Before TorchSharp does: where the libraries do not load, it writes pages to the console and copies half a gigabyte about.
        nint cpu = LoadFromPackages("libtorch_cpu.so");
        _ = LoadFromPackages("libLibTorchSharp.so");
        NativeLibrary.TryLoad("libtorch_cuda.so", typeof(torch).Assembly, null, out nint cuda);
        return new Loaded(cpu, cuda, torch.__version__);
    }

    private static nint LoadFromPackages(string library)
    {
        try
        {
            return NativeLibrary.Load(library, typeof(torch).Assembly, null);
        }
        catch (DllNotFoundException error)
        {
            throw new DllNotFoundException(
                ReasonOf(error.Message) ?? $"this build of the program has no libtorch: name the folder of one, for example a PyTorch's torch/lib, with --libtorch or {FolderVariable}", error);
        }
    }

    /// <summary>Of the loader's many lines, one for each path that it tried, the one about a library that is there and does not load.</summary>
    private static string? ReasonOf(string message)
    {
        IEnumerable<string> attempts = message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Skip(1);
        return attempts.FirstOrDefault(attempt => !attempt.EndsWith("No such file or directory", StringComparison.Ordinal));
    }

    private static Loaded LoadFrom(string folder, string? version)
    {
        string full = Path.GetFullPath(folder);
        if (Array.Find(Libraries, library => !CudaLibraries.Contains(library) && !File.Exists(Path.Combine(full, library))) is string missing)
        {
            throw new DllNotFoundException($"{full} has no {missing}: name the folder of libtorch's libraries, for example a PyTorch's torch/lib");
        }

        string name = $"the libtorch {(version is null ? "" : version + " ")}in {full}";
        if (version is not null && System.Version.TryParse(LeadingNumbers().Match(version).Value, out Version? number) && number < Oldest)
        {
            throw new DllNotFoundException($"{name} is too old: install PyTorch {Oldest} or newer");
        }

        nint cpu = 0, cuda = 0;
        foreach (string library in Libraries)
        {
            string path = Path.Combine(full, library);
            if (CudaLibraries.Contains(library) && !File.Exists(path))
            {
                continue;
            }

            nint handle = Open(path, Lazily, name);
            (cpu, cuda) = library switch
            {
                "libtorch_cpu.so" => (handle, cuda),
                "libtorch_cuda.so" => (cpu, handle),
                _ => (cpu, cuda),
            };
        }

        // All at once, not when first called: a function that this libtorch lacks is found here.
        Open(OwnPathOf("libLibTorchSharp.so"), AtOnce, name);
        return new Loaded(cpu, cuda, version ?? "of unknown version");
    }

    private static nint Open(string path, int when, string name)
    {
        // The first call looks the function up, which forgets an error that is there by then.
        _ = LastError();
        nint handle = OpenLibrary(path, when);
        if (handle != 0)
        {
            return handle;
        }

        throw new DllNotFoundException(Explained(name, path, Marshal.PtrToStringUTF8(LastError()) ?? "for no known reason"));
    }

    private static string OwnPathOf(string library)
    {
        string[] folders = [.. (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries), AppContext.BaseDirectory];
        return folders.Select(folder => Path.Combine(folder, library)).FirstOrDefault(File.Exists)
            ?? throw new DllNotFoundException($"{library} is not among the program's files");
    }

    private const int Lazily = 1;
    private const int AtOnce = 2;

    [LibraryImport("libc", EntryPoint = "dlopen", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial nint OpenLibrary(string path, int when);

    [LibraryImport("libc", EntryPoint = "dlerror")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial nint LastError();

    [GeneratedRegex("""__version__\s*=\s*['"](?<text>[^'"]+)['"]""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PythonVersion();

    [GeneratedRegex(@"^\s*(?<text>\S+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ArchiveVersion();

    [GeneratedRegex(@"^\d+\.\d+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LeadingNumbers();

    [GeneratedRegex(@"undefined symbol: (?<text>\S+?)(,|$)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex UndefinedSymbol();

    [GeneratedRegex("^(?<text>\\S+): cannot open shared object file: No such file", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex MissingLibrary();

    private sealed record Loaded(nint Cpu, nint Cuda, string Version);
}
