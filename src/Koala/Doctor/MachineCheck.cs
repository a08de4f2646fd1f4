using System.Runtime.InteropServices;
using Koalarization.Dataset.Storage;
using Koalarization.Imaging;
using Koalarization.Imaging.Jpeg;
using Koalarization.Inception;
using Koalarization.Inception.Devices;

namespace Koalarization.Koala.Doctor;

/// <summary>Looks at the parts of a machine that the pipeline stands on.</summary>
internal static class MachineCheck
{
    private const double BytesPerPicture = 1.08e6;

    public static IEnumerable<CheckResult> Of(string folder, TimeProvider time)
    {
        yield return new CheckResult("koala", CheckStatus.Good, $"{typeof(MachineCheck).Assembly.GetName().Version?.ToString(3)} on .NET {Environment.Version}");
        yield return new CheckResult("machine", CheckStatus.Good, Machine());
        yield return Jpeg();
        yield return Fingerprint();

        DeviceReport report = Embedders.Probe();
        yield return Torch(report);
        yield return new CheckResult("precision", CheckStatus.Good, Precisions(report));
        yield return report.CudaDevices > 0
            ? new CheckResult("gpu", CheckStatus.Good, $"{report.CudaDevices} CUDA device(s)")
            : new CheckResult("gpu", CheckStatus.Weak, "none that this build can use; the network runs on the processor");
        yield return Store(folder, time);
    }

    private static string Machine() =>
        $"{RuntimeInformation.OSDescription}, {Environment.ProcessorCount} cores, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9:0.0} GB of memory";

    private static CheckResult Jpeg() => JpegCodecs.TurboJpegIsAvailable
        ? new CheckResult("jpeg", CheckStatus.Good, JpegCodecs.Default.Name)
        : new CheckResult(
            "jpeg",
            CheckStatus.Weak,
            $"{JpegCodecs.Default.Name}: slower, and not byte-equal to the original's files; install libturbojpeg0 for exact results");

    private static CheckResult Fingerprint() =>
        new("fingerprint", CheckStatus.Good, CodecFingerprint.Compute(JpegCodecs.Default)[..16] + " (nodes of one job must agree)");

    private static CheckResult Torch(DeviceReport report) => report.TorchError is string error
        ? new CheckResult("torch", CheckStatus.Bad, error)
        : new CheckResult(
            "torch",
            report.HasFusedConvolutions ? CheckStatus.Good : CheckStatus.Weak,
            $"libtorch {report.TorchVersion}, {report.Cpu}{Convolutions(report)}");

    private static string Convolutions(DeviceReport report) => report switch
    {
        { HasFusedConvolutions: false } => ", without fused convolutions: slower",
        { LosesPackedWeights: true } => ", some convolutions without oneDNN, which computes them wrongly on this processor",
        _ => "",
    };

    private static string Precisions(DeviceReport report) =>
        "fp32" + (report.HasCpuBf16 ? ", bf16" : ", no bf16 on this processor") + (report.CudaDevices > 0 ? ", fp16 and tf32 on the GPU" : "");

    private static CheckResult Store(string folder, TimeProvider time)
    {
        if (!Directory.Exists(folder))
        {
            return new CheckResult("disk", CheckStatus.Bad, $"{folder} does not exist");
        }

        string full = Path.GetFullPath(folder);
        double free = new DriveInfo(full).AvailableFreeSpace;
        StoreProbe probe = StoreProbe.Of(full, time);
        string room = $"{full}: {free / 1e9:N0} GB free, room for {free / BytesPerPicture:N0} pictures in records";
        return probe switch
        {
            { Error: string error } => new CheckResult("disk", CheckStatus.Bad, $"{full} cannot be written: {error}"),
            { PublishesOnce: false } => new CheckResult("disk", CheckStatus.Bad, room + "; it lets a second file take a name that is taken, so results could be lost"),
            _ => new CheckResult("disk", CheckStatus.Good, $"{room}, writes {probe.BytesPerSecond / 1e6:N0} MB/s"),
        };
    }
}
