using System.Globalization;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Inspect;

/// <summary>What one TFRecord file holds.</summary>
/// <param name="Network">What its logits are from, where the folder's plan says it; random weights show here.</param>
internal sealed record RecordInspected(
    string File, long Bytes, string Compression, long Records, long Pictures, int? Size, int? Logits, double? MeanLuminance, double? MeanChroma, string? Network)
    : ReportEvent
{
    public override string Sentence
    {
        get
        {
            string kind = Pictures == Records ? $"{Pictures:N0} pictures" : $"{Records:N0} records, {Pictures:N0} of them pictures";
            string shape = Size is int size ? $", {size}x{size}, {Logits} logits" : "";
            string means = MeanLuminance is double luminance ? $", mean L {luminance:0.0}, mean chroma {MeanChroma:0.0}" : "";
            string network = Network is null ? "" : $", network {Network}";
            return $"{File}: {kind}{shape}, {Bytes / 1e6:N1} MB, compression {Compression}{means}{network}";
        }
    }
}

/// <summary>One picture of a record. Luminance is L (0..100), chroma the mean length of (a, b).</summary>
internal sealed record PictureInspected(
    string File, long Index, string Name, int Size, double Luminance, double Chroma, IReadOnlyList<NamedLogit> Largest)
    : ReportEvent
{
    public override string Sentence
    {
        get
        {
            string first = Largest.Count > 0 ? string.Create(CultureInfo.InvariantCulture, $"{Largest[0].Value,7:0.00} {Largest[0].Name}") : "";
            return $"  {Index,5}  {Tail(Shown(Name), 44),-44}  L {Luminance,5:0.0}  chroma {Chroma,5:0.0}  {first}";
        }
    }

    private static string Tail(string text, int length) => text.Length <= length ? text : "…" + text[^(length - 1)..];
}

/// <summary>A record that is no picture of ours: its features and their kinds, or null when it is no Example at all.</summary>
internal sealed record OtherInspected(string File, long Index, int Bytes, IReadOnlyDictionary<string, string>? Features, string Why) : ReportEvent
{
    public override string Sentence
    {
        get
        {
            string features = Features is null ? "no Example" : string.Join(", ", Features.Select(feature => $"{feature.Key}: {feature.Value}"));
            return $"  {Index,5}  {Bytes:N0} bytes, {features}";
        }
    }
}

/// <summary>A file that could not be read to its end.</summary>
internal sealed record FileDamaged(string File, string Error) : ReportEvent
{
    public override string Sentence => Error;
}

/// <summary>What the records of a folder hold together.</summary>
/// <param name="Validation">Files that are put aside for validation.</param>
/// <param name="Damaged">Files that could not be read to their ends; they count in none of the sums.</param>
internal sealed record FolderInspected(
    string Folder, int Files, int Validation, int Damaged, long Records, long Pictures, long Bytes, double? MeanLuminance, double? MeanChroma) : ReportEvent
{
    public override string Sentence
    {
        get
        {
            string validation = Validation > 0 ? $" ({Validation:N0} for validation)" : "";
            string damaged = Damaged > 0 ? $", {Damaged:N0} damaged" : "";
            string kind = Pictures == Records ? $"{Pictures:N0} pictures" : $"{Records:N0} records, {Pictures:N0} of them pictures";
            string means = MeanLuminance is double luminance ? $", mean L {luminance:0.0}, mean chroma {MeanChroma:0.0}" : "";
            return $"{Folder}: {Files:N0} files{validation}{damaged}, {kind}, {Bytes / 1e6:N1} MB{means}";
        }
    }
}

/// <summary>The page was written.</summary>
internal sealed record PageWritten(string Page, long Pictures) : ReportEvent
{
    public override string Sentence => $"Wrote {Page} with {Pictures:N0} pictures.";
}
