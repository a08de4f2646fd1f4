using System.Globalization;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.BenchEmbed;

/// <summary>What is measured.</summary>
internal sealed record BenchEmbedMachine(string Device, string LibTorch, string? LibTorchFolder, string Weights) : ReportEvent
{
    public override string Sentence => $"{Device}, libtorch {LibTorch}{(LibTorchFolder is null ? "" : $" in {LibTorchFolder}")}, weights {Weights}";
}

/// <summary>A precision and a batch size on the device.</summary>
/// <param name="Precision">The numbers.</param>
/// <param name="Batch">Pictures in a batch.</param>
/// <param name="PicturesPerSecond">From gray bytes in memory to logits in memory.</param>
/// <param name="MillisecondsPerBatch">One batch alone, without others at once.</param>
/// <param name="UploadMilliseconds">Of it: copying the bytes to the GPU and turning them into numbers.</param>
/// <param name="NetworkMilliseconds">Of it: the network.</param>
/// <param name="DownloadMilliseconds">Of it: copying the logits back.</param>
/// <param name="LargestDifference">Of a logit, from fp32 on the CPU.</param>
/// <param name="MemoryBytes">Device memory (on a CPU the process's) in use.</param>
/// <param name="Fault">Why it was not measured.</param>
internal sealed record EmbedMeasured(
    string Precision, int Batch, double PicturesPerSecond, double MillisecondsPerBatch, double? UploadMilliseconds, double? NetworkMilliseconds,
    double? DownloadMilliseconds, double LargestDifference, long MemoryBytes, string? Fault = null)
    : ReportEvent
{
    public override string Sentence => Fault is not null
        ? $"{Precision,-5} batch {Batch,4}: {Fault}"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{Precision,-5} batch {Batch,4} {PicturesPerSecond,9:N1} pictures/s {MillisecondsPerBatch,8:N1} ms a batch{Parts} {Sizes.Format(MemoryBytes),9}, logits differ by at most {LargestDifference:0.0e+0}");

    private string Parts => UploadMilliseconds is null
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $" ({UploadMilliseconds:0.0} in, {NetworkMilliseconds:0.0} network, {DownloadMilliseconds:0.0} out)");
}

/// <summary>The fastest, and what feeds it.</summary>
/// <param name="DecodingMilliseconds">A core's time to read and decode one resized picture on this machine.</param>
/// <param name="CoresToFeed">Cores that decode as fast as the device computes.</param>
internal sealed record BenchEmbedDone(string Precision, int Batch, double PicturesPerSecond, double DecodingMilliseconds, double CoresToFeed) : ReportEvent
{
    public override string Sentence => string.Create(
        CultureInfo.InvariantCulture,
        $"Fastest: {Precision} in batches of {Batch}, {PicturesPerSecond:N0} pictures/s. Decoding one takes {DecodingMilliseconds:0.00} ms of a core here: {CoresToFeed:0.0} cores keep up with it.");
}
