using System.Globalization;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Compress;

/// <summary>A packed copy stands.</summary>
/// <param name="Bytes">The source's size.</param>
/// <param name="PlainBytes">The size of its records unpacked, framing included.</param>
/// <param name="PackedBytes">The copy's size.</param>
/// <param name="Ratio">Plain over packed; null of an empty file.</param>
/// <param name="AlreadyThere">Whether an earlier run made the copy; it holds the same records.</param>
/// <param name="SevenZipBytes">What <c>7z -mx=9</c> makes of the plain file, where that was asked for.</param>
internal sealed record FileCompressed(
    string File, string Copy, string From, string To, long Records, long Bytes, long PlainBytes, long PackedBytes, double? Ratio, bool AlreadyThere,
    long? SevenZipBytes, double? SevenZipRatio) : ReportEvent
{
    public override string Sentence
    {
        get
        {
            string rival = SevenZipBytes is long seven ? $"; 7z -mx=9: {Megabytes.Of(seven)}, ratio {SevenZipRatio:0.00}" : "";
            return $"{Shown(Copy)}: {Records:N0} records, {Megabytes.Of(PlainBytes)} to {Megabytes.Of(PackedBytes)}, ratio {Ratio ?? 1:0.00}{rival}{(AlreadyThere ? " (was there already)" : "")}";
        }
    }
}

/// <summary>What <c>compress</c> did, in all.</summary>
internal sealed record CompressDone(
    string To, int Level, int Files, int Written, int AlreadyThere, int LeftOut, long Bytes, long PlainBytes, long PackedBytes, double? Ratio,
    long? SevenZipBytes, double? SevenZipRatio, double Seconds) : ReportEvent
{
    public override string Sentence
    {
        get
        {
            string there = AlreadyThere > 0 ? $", {AlreadyThere:N0} were there already" : "";
            string left = LeftOut > 0 ? $", {LeftOut:N0} left out" : "";
            string rival = SevenZipBytes is long seven ? $"; 7z -mx=9: {Megabytes.Of(seven)}, ratio {SevenZipRatio:0.00}" : "";
            return $"{To}: {Written:N0} of {Files:N0} files in {Durations.InWords(TimeSpan.FromSeconds(Seconds))}{there}{left}; " +
                $"{Megabytes.Of(PlainBytes)} to {Megabytes.Of(PackedBytes)}, ratio {Ratio ?? 1:0.00}{rival}.";
        }
    }
}

internal static class Megabytes
{
    public static string Of(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:N1} MB");
}
