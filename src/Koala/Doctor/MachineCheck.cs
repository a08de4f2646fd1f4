using System.Runtime.InteropServices;
using Koalarization.Dataset.Storage;
using Koalarization.Dataset.Wording;
using Koalarization.Imaging;
using Koalarization.Imaging.Jpeg;
using Koalarization.Inception;
using Koalarization.Inception.Devices;
using Koalarization.Koala.Download;
using Koalarization.Koala.Lifetime;

namespace Koalarization.Koala.Doctor;

/// <summary>Checks what the pipeline needs of a machine.</summary>
internal static class MachineCheck
{
    private const double BytesPerPicture = 1.08e6;

    public static IEnumerable<CheckResult> Of(string folder, TimeProvider time)
    {
        yield return new CheckResult("koala", CheckStatus.Ok, $"{typeof(MachineCheck).Assembly.GetName().Version?.ToString(3)} on .NET {Environment.Version}");
        yield return new CheckResult("machine", CheckStatus.Ok, Machine());
        yield return Files();
        yield return Jpeg();
        yield return Fingerprint();

        DeviceReport report = Embedders.Probe();
        yield return Torch(report);
        yield return new CheckResult("precision", CheckStatus.Ok, Precisions(report));
        foreach (CheckResult gpu in Gpus(report))
        {
            yield return gpu;
        }

        if (FasterHere.Sentence(EmbedDevice.Cpu, EmbedPrecision.Fp32) is string faster)
        {
            yield return new CheckResult("faster", CheckStatus.Ok, faster);
        }

        yield return TlsCheck.Of(folder, time);
        yield return Store(folder, time);
    }

    private static string Machine() =>
        $"{RuntimeInformation.OSDescription}, {Amount.Of(Environment.ProcessorCount, "core")}, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9:0.0} GB of memory";

    private static CheckResult Files()
    {
        (long limit, int links) = (OpenFiles.Limit, OpenFiles.Links);
        return limit < OpenFiles.ForCluster
            ? new CheckResult("files", CheckStatus.Error, $"only {limit} may be open at once, and run, download and node need {OpenFiles.ForCluster}; raise the limit with ulimit -n")
            : new CheckResult("files", links < FetchLimits.DefaultParallel ? CheckStatus.Warning : CheckStatus.Ok, $"{limit:N0} may be open at once: up to {Amount.Of(links, "link")} fetched at once (--parallel)");
    }

    private static CheckResult Jpeg() => JpegCodecs.TurboJpegIsAvailable
        ? new CheckResult("jpeg", CheckStatus.Ok, JpegCodecs.Default.Name)
        : new CheckResult(
            "jpeg",
            CheckStatus.Warning,
            $"{JpegCodecs.Default.Name}: slower, and not byte-equal to the original pipeline; install libturbojpeg0 for exact results");

    private static CheckResult Fingerprint() =>
        new("fingerprint", CheckStatus.Ok, CodecFingerprint.Compute(JpegCodecs.Default)[..16] + " (must be equal on all nodes of a job)");

    private static CheckResult Torch(DeviceReport report) => report.TorchError is string error
        ? new CheckResult("torch", CheckStatus.Error, error)
        : new CheckResult(
            "torch",
            report.HasFusedConvolutions ? CheckStatus.Ok : CheckStatus.Warning,
            $"libtorch {report.TorchVersion}{(LibTorch.Folder is string folder ? $" in {folder}" : "")}, {report.Cpu}{Convolutions(report)}");

    private static IEnumerable<CheckResult> Gpus(DeviceReport report) => report.CudaFault is string fault
        ? [new CheckResult("gpu", CheckStatus.Warning, $"none, the network runs on the CPU; {fault}")]
        : report.CudaDevices.Select((gpu, index) => new CheckResult(
            "gpu", CheckStatus.Ok, $"cuda:{index} {gpu.Name}, {gpu.MemoryBytes / 1e9:0} GB, compute capability {gpu.Capability}"));

    private static string Convolutions(DeviceReport report) => report switch
    {
        { HasFusedConvolutions: false } => ", without fused convolutions: slower",
        { LosesPackedWeights: true } => ", some convolutions without oneDNN, which computes them wrongly on this processor",
        _ => "",
    };

    private static string Precisions(DeviceReport report) =>
        "fp32" + (report.HasCpuBf16 ? ", bf16" : ", no bf16 on this CPU") + (report.CudaDevices.Count > 0 ? report.CudaDevices.Any(gpu => gpu.HasBf16) ? ", and fp16, bf16, tf32 on the GPU" : ", and fp16 on the GPU" : "");

    private static CheckResult Store(string folder, TimeProvider time)
    {
        if (!Directory.Exists(folder))
        {
            return new CheckResult("disk", CheckStatus.Error, $"{folder} does not exist");
        }

        string full = Path.GetFullPath(folder);
        double free = new DriveInfo(full).AvailableFreeSpace;
        StoreProbe probe = StoreProbe.Of(full, time);
        string space = $"{full}: {free / 1e9:N0} GB free, room for {free / BytesPerPicture:N0} pictures in records";
        return probe switch
        {
            { Error: string error } => new CheckResult("disk", CheckStatus.Error, $"{full} is not writable: {error}"),
            { PublishesOnce: false } => new CheckResult("disk", CheckStatus.Error, space + "; the file system does not support publishing without replacing, so results could be lost"),
            _ => new CheckResult("disk", CheckStatus.Ok, $"{space}, writes {probe.BytesPerSecond / 1e6:N0} MB/s"),
        };
    }
}
