using Koalarization.Inception.Devices;
using Koalarization.Inception.Network;
using Koalarization.Inception.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Koalarization.Inception;

/// <summary>Makes embedders.</summary>
public static class Embedders
{
    /// <summary>Two full slices for each thread, see <see cref="SlicePlan"/>.</summary>
    private const int CpuPicturesPerThread = 8;

    /// <summary>Larger ones are hardly faster on a large GPU (docs/performance.md), and take more of its memory.</summary>
    private const int GpuPictures = 128;
    private const int MaxPictures = 1024;
    private const string NetworkVersion = "inception-resnet-v2/1";

    /// <summary>Loads the network. Takes one to two seconds; in float32 about 400 MB stay in use, and 100 MB for each thread. The weights are not read afterwards.</summary>
    /// <param name="weights">The network's variables; only the simulated device does without.</param>
    /// <param name="options">Where and how to run.</param>
    /// <param name="clock">The simulated device's clock; the system's by default.</param>
    /// <param name="cancellation">Ends the loading.</param>
    /// <exception cref="WeightsException">A variable is missing or has another shape.</exception>
    /// <exception cref="EmbedderUnavailableException">This machine or build has no such device or precision.</exception>
    public static IEmbedder Create(INetworkWeights? weights, EmbedderOptions options, TimeProvider? clock = null, CancellationToken cancellation = default)
    {
        if (options.BatchSize is < 1 or > MaxPictures)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.BatchSize, "A batch has 1 to 1024 pictures.");
        }

        if (options.Threads is < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.Threads, "There is at least one thread.");
        }

        if (options.Device.Kind == EmbedDeviceKind.Simulated)
        {
            return new SimulatedEmbedder(options, BatchSizeOf(options), clock ?? TimeProvider.System);
        }

        ArgumentNullException.ThrowIfNull(weights);
        ThrowIfUnavailable(options);
        return CreateTorch(weights, options, cancellation);
    }

    /// <summary>Pictures in a full batch: as given, else what suits the device.</summary>
    public static int BatchSizeOf(EmbedderOptions options) => options.BatchSize ?? options.Device.Kind switch
    {
        EmbedDeviceKind.Cpu => Math.Min(CpuPicturesPerThread * ThreadsOf(options), MaxPictures),
        EmbedDeviceKind.Cuda => GpuPictures,
        _ => CpuPicturesPerThread,
    };

    /// <summary>The devices, with each GPU of the machine in the place of <see cref="EmbedDevice.AllGpus"/>; the first where there is none.</summary>
    public static IReadOnlyList<EmbedDevice> Each(IReadOnlyList<EmbedDevice> devices) => devices is [var all] && all == EmbedDevice.AllGpus
        ? [.. Enumerable.Range(0, Math.Max(1, Probe().CudaDevices.Count)).Select(EmbedDevice.Cuda)]
        : devices;

    /// <summary>What this machine and the libtorch that is used have; never throws.</summary>
    public static DeviceReport Probe()
    {
        try
        {
            TorchRuntime.EnsureStarted();
            int usable = LibTorch.HasCuda && cuda.is_available() ? cuda.device_count() : 0;
            return new DeviceReport(
                LibTorch.Version,
                null,
                CpuFeatures.Description,
                OneDnn.Working is not null,
                FusedConvolutions.LosesWeights,
                CpuFeatures.HasBf16,
                usable > 0 ? CudaDriver.Devices() : [],
                CudaDriver.Fault(usable));
        }
        catch (Exception error) when (error is DllNotFoundException or BadImageFormatException)
        {
            return new DeviceReport(null, error.Message, CpuFeatures.Description, false, false, CpuFeatures.HasBf16, [], error.Message);
        }
    }

    private static void ThrowIfUnavailable(EmbedderOptions options)
    {
        DeviceReport report = Probe();
        string? reason = options switch
        {
            _ when report.TorchError is not null
                => $"libtorch does not load on this machine ({report.TorchError}).",
            { Device.Kind: EmbedDeviceKind.Cuda } when report.CudaFault is string fault
                => $"No CUDA device can be used: {fault}, or use --device cpu.",
            { Device: { Kind: EmbedDeviceKind.Cuda, Index: var index } } when index >= report.CudaDevices.Count
                => $"There is no {options.Device}: this machine has {report.CudaDevices.Count} CUDA device(s), counted from 0.",
            { Device: { Kind: EmbedDeviceKind.Cuda, Index: var index }, Precision: EmbedPrecision.Bf16 or EmbedPrecision.Tf32 } when !report.CudaDevices[index].HasBf16
                => $"The precision {Name(options.Precision)} needs a GPU of compute capability 8.0 or more, and {report.CudaDevices[index].Name} has {report.CudaDevices[index].Capability}: use fp16 or fp32.",
            { Device.Kind: EmbedDeviceKind.Cpu, Precision: EmbedPrecision.Fp16 or EmbedPrecision.Tf32 }
                => $"The precision {Name(options.Precision)} needs a CUDA device: on the CPU use fp32 or bf16.",
            { Device.Kind: EmbedDeviceKind.Cpu, Precision: EmbedPrecision.Bf16 } when !report.HasCpuBf16
                => $"The precision bf16 needs a CPU with AVX512_BF16 or AMX, and this one has {report.Cpu}: use fp32, which is faster here.",
            _ => null,
        };
        if (reason is not null)
        {
            throw new EmbedderUnavailableException(options, reason);
        }
    }

    private static IEmbedder CreateTorch(INetworkWeights weights, EmbedderOptions options, CancellationToken cancellation)
    {
        // Off by default in some versions and on in others: float32 means float32.
        backends.cuda.matmul.allow_tf32 = backends.cudnn.allow_tf32 = options.Precision == EmbedPrecision.Tf32;

        ScalarType type = options.Precision switch
        {
            EmbedPrecision.Bf16 => ScalarType.BFloat16,
            EmbedPrecision.Fp16 => ScalarType.Float16,
            _ => ScalarType.Float32,
        };
        var identity = new EmbedderIdentity(weights.Identity, weights.IsRandom, options.Precision, options.Device.ToString(), NetworkVersion);
        int batchSize = BatchSizeOf(options);
        if (options.Device.Kind == EmbedDeviceKind.Cuda)
        {
            var gpu = new Device(DeviceType.CUDA, options.Device.Index);
            return new CudaEmbedder(weights, new CudnnConvolutions(gpu, type), gpu, type, identity, batchSize, options.Phases, cancellation);
        }

        IConvolutionEngine engine = OneDnn.Working is OneDnn oneDnn ? new FusedConvolutions(oneDnn, type) : new PlainConvolutions(CPU, type);
        return new TorchEmbedder(weights, engine, type, identity, batchSize, SlicePlan.ForCores(batchSize, ThreadsOf(options)), cancellation);
    }

    private static int ThreadsOf(EmbedderOptions options) => options.Threads ?? Environment.ProcessorCount;

#pragma warning disable CA1308 // Users write precisions in lower case.
    private static string Name(EmbedPrecision precision) => precision.ToString().ToLowerInvariant();
#pragma warning restore CA1308
}
