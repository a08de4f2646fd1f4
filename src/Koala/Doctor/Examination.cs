using System.Runtime.InteropServices;
using Koalarization.Dataset;
using Koalarization.Imaging;
using Koalarization.Inception;

namespace Koalarization.Koala.Doctor;

/// <summary>Looks at the parts of a machine that the pipeline stands on.</summary>
internal static class Examination
{
    private const double BytesPerPicture = 1.08e6;

    public static IEnumerable<Finding> Of(string folder, TimeProvider time)
    {
        yield return new Finding("koala", Verdict.Good, $"{typeof(Examination).Assembly.GetName().Version?.ToString(3)} on .NET {Environment.Version}");
        yield return new Finding("machine", Verdict.Good, Machine());
        yield return Jpeg();
        yield return Fingerprint();

        DeviceReport report = Embedders.Probe();
        yield return Torch(report);
        yield return new Finding("precision", Verdict.Good, Precisions(report));
        yield return report.CudaDevices > 0
            ? new Finding("gpu", Verdict.Good, $"{report.CudaDevices} CUDA device(s)")
            : new Finding("gpu", Verdict.Weak, "none that this build can use; the network runs on the processor");
        yield return Store(folder, time);
    }

    private static string Machine() =>
        $"{RuntimeInformation.OSDescription}, {Environment.ProcessorCount} cores, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9:0.0} GB of memory";

    private static Finding Jpeg() => JpegCodecs.TurboJpegIsAvailable
        ? new Finding("jpeg", Verdict.Good, JpegCodecs.Default.Name)
        : new Finding(
            "jpeg",
            Verdict.Weak,
            $"{JpegCodecs.Default.Name}: slower, and not byte-equal to the original's files; install libturbojpeg0 for exact results");

    private static Finding Fingerprint() =>
        new("fingerprint", Verdict.Good, CodecFingerprint.Compute(JpegCodecs.Default)[..16] + " (nodes of one job must agree)");

    private static Finding Torch(DeviceReport report) => report.TorchError is string error
        ? new Finding("torch", Verdict.Bad, error)
        : new Finding(
            "torch",
            report.HasFusedConvolutions ? Verdict.Good : Verdict.Weak,
            $"libtorch {report.TorchVersion}, {report.Cpu}{(report.HasFusedConvolutions ? "" : ", without fused convolutions: slower")}");

    private static string Precisions(DeviceReport report) =>
        "fp32" + (report.HasCpuBf16 ? ", bf16" : ", no bf16 on this processor") + (report.CudaDevices > 0 ? ", fp16 and tf32 on the GPU" : "");

    private static Finding Store(string folder, TimeProvider time)
    {
        if (!Directory.Exists(folder))
        {
            return new Finding("disk", Verdict.Bad, $"{folder} does not exist");
        }

        string full = Path.GetFullPath(folder);
        double free = new DriveInfo(full).AvailableFreeSpace;
        StoreProbe probe = StoreProbe.Of(full, time);
        string room = $"{full}: {free / 1e9:N0} GB free, room for {free / BytesPerPicture:N0} pictures in records";
        return probe switch
        {
            { Error: string error } => new Finding("disk", Verdict.Bad, $"{full} cannot be written: {error}"),
            { PublishesOnce: false } => new Finding("disk", Verdict.Bad, room + "; it lets a second file take a name that is taken, so results could be lost"),
            _ => new Finding("disk", Verdict.Good, $"{room}, writes {probe.BytesPerSecond / 1e6:N0} MB/s"),
        };
    }
}
