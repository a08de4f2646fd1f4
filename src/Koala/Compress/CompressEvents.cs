using Koalarization.Dataset.Wording;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Compress;

/// <summary>A packed copy is published.</summary>
/// <param name="Bytes">The source's size.</param>
/// <param name="PlainBytes">The size of its records unpacked, framing included.</param>
/// <param name="PackedBytes">The copy's size.</param>
/// <param name="Ratio">Plain over packed size; null for an empty file.</param>
/// <param name="AlreadyThere">Whether an earlier run made the copy; it holds the same records.</param>
/// <param name="SevenZipBytes">The size that <c>7z -mx=9</c> gives, with <c>--compare-7z</c>.</param>
internal sealed record FileCompressed(
    string File, string Copy, string From, string To, long Records, long Bytes, long PlainBytes, long PackedBytes, double? Ratio, bool AlreadyThere,
    long? SevenZipBytes, double? SevenZipRatio) : ReportEvent
{
    public override string Sentence
    {
        get
        {
            string sevenZip = SevenZipBytes is long seven ? $"; 7z -mx=9: {Sizes.Format(seven)}, ratio {SevenZipRatio:0.00}" : "";
            return $"{Shown(Copy)}: {Amount.Of(Records, "example")}, {Sizes.Format(PlainBytes)} to {Sizes.Format(PackedBytes)}, ratio {Ratio ?? 1:0.00}{sevenZip}{(AlreadyThere ? " (already existed)" : "")}";
        }
    }
}

/// <summary>The totals of <c>compress</c>.</summary>
internal sealed record CompressDone(
    string To, int Level, int Files, int Written, int AlreadyThere, int LeftOut, long Bytes, long PlainBytes, long PackedBytes, double? Ratio,
    long? SevenZipBytes, double? SevenZipRatio, double Seconds) : ReportEvent
{
    public override string Sentence
    {
        get
        {
            string existing = AlreadyThere > 0 ? $", {AlreadyThere:N0} already existed" : "";
            string left = LeftOut > 0 ? $", {LeftOut:N0} left out" : "";
            string sevenZip = SevenZipBytes is long seven ? $"; 7z -mx=9: {Sizes.Format(seven)}, ratio {SevenZipRatio:0.00}" : "";
            return $"{To}: {Written:N0} of {Amount.Of(Files, "file")} in {Durations.Format(TimeSpan.FromSeconds(Seconds))}{existing}{left}; " +
                $"{Sizes.Format(PlainBytes)} to {Sizes.Format(PackedBytes)}, ratio {Ratio ?? 1:0.00}{sevenZip}.";
        }
    }
}
