using Koalarization.Dataset.Storage;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Doctor;

/// <summary>How many pictures a second a store can take from this machine, and why.</summary>
/// <param name="Store">Its folder.</param>
/// <param name="PicturesPerSecond">The rate.</param>
/// <param name="BoundBy">What takes most of a picture's time.</param>
/// <param name="FilesSeconds">What a picture's two files take.</param>
/// <param name="RecordSeconds">What its part of a record takes.</param>
/// <param name="GroupSeconds">How long a group of <paramref name="GroupFiles"/> files of <paramref name="GroupFileBytes"/> took, half of them no longer.</param>
/// <param name="LongestGroupSeconds">How long the slowest group took.</param>
/// <param name="RecordBytesPerSecond">How fast a record is written.</param>
/// <param name="HardLinks">Whether a file can have several names.</param>
internal sealed record StoreMeasured(
    string Store, double PicturesPerSecond, StoreBound BoundBy, double FilesSeconds, double RecordSeconds, double GroupSeconds, double LongestGroupSeconds, int GroupFiles, int GroupFileBytes,
    double RecordBytesPerSecond, int PictureBytes, bool HardLinks) : ReportEvent
{
    public override string Sentence =>
        $"This store takes about {PicturesPerSecond:N0} pictures a second from this machine, bound by {(BoundBy == StoreBound.Records ? "records" : "making pictures durable")}: "
        + $"{PictureBytes / 1e6:0.00} MB of a record at {RecordBytesPerSecond / 1e6:N0} MB/s take {Milliseconds(RecordSeconds)}, and two files in groups of {GroupFiles} take {Milliseconds(FilesSeconds)}.";

    public static StoreMeasured Of(string store, StoreNames names, GroupTimes groups, double recordBytesPerSecond)
    {
        var rate = StoreRate.Of(groups.Median, recordBytesPerSecond);
        return new StoreMeasured(
            store, rate.PicturesPerSecond, rate.Bound, rate.SecondsForFiles, rate.SecondsForRecord, groups.Median.TotalSeconds, groups.Longest.TotalSeconds,
            GroupPublisher.FilesInGroup, StoreTrial.FileBytes, recordBytesPerSecond, StoreTrial.PictureBytes, names.HasHardLinks);
    }

    /// <summary>A time for people: <c>12 ms</c>, <c>0.4 ms</c>.</summary>
    public static string Milliseconds(double seconds) => seconds * 1000 >= 10 ? $"{seconds * 1000:N0} ms" : $"{seconds * 1000:0.0} ms";
}
