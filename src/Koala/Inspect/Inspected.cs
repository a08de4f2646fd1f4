using System.Globalization;
using Koalarization.Dataset.Wording;
using Koalarization.Imaging.Pixels;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Inspect;

/// <summary>The contents of one TFRecord file.</summary>
/// <param name="Network">The network that computed its logits, when the folder's plan names it; shows random weights.</param>
internal sealed record RecordInspected(
    string File, long Bytes, string Compression, long Records, long Pictures, int? Size, int? Logits, double? MeanLuminance, double? MeanChroma, string? Network)
    : ReportEvent
{
    public override string Sentence
    {
        get
        {
            string kind = Pictures == Records ? Amount.Of(Pictures, "picture") : $"{Amount.Of(Records, "example")}, {Pictures:N0} of them {Amount.Noun(Pictures, "picture")}";
            string shape = Size is int size ? $", {size}x{size}, {Logits} logits" : "";
            string means = MeanLuminance is double luminance ? $", mean L {luminance:0.0}, mean chroma {MeanChroma:0.0}" : "";
            string network = Network is null ? "" : $", network {Network}";
            return $"{File}: {kind}{shape}, {Sizes.Format(Bytes)}, compression {Compression}{means}{network}";
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

/// <summary>A record that is not a picture of a data set: its features and their kinds, or null when it is not an Example.</summary>
internal sealed record OtherInspected(string File, long Index, int Bytes, IReadOnlyDictionary<string, string>? Features, string Reason) : ReportEvent
{
    public override string Sentence
    {
        get
        {
            string features = Features is null ? "not an Example" : string.Join(", ", Features.Select(feature => $"{feature.Key}: {feature.Value}"));
            return $"  {Index,5}  {Amount.Of(Bytes, "byte")}, {features}";
        }
    }
}

/// <summary>A file that could not be read to the end.</summary>
internal sealed record FileDamaged(string File, string Error) : ReportEvent
{
    public override string Sentence => Error;
}

/// <summary>A picture file. What does not apply, or is not known, is null.</summary>
/// <param name="Sampling">Sampling factors of each component.</param>
/// <param name="Profile">The name of its colour profile, which koala does not apply.</param>
/// <param name="Orientation">How EXIF says that it is to be turned, which koala does not do.</param>
/// <param name="Fault">Why koala does not take it as a picture; null: it does.</param>
/// <param name="Oddities">What is unusual with it and does no harm.</param>
internal sealed record JpegInspected(
    string File, long Bytes, int? Width, int? Height, string? Coding, int? Components, string? Sampling, string? Profile, int? Orientation,
    PictureFault? Fault, string? Detail, IReadOnlyList<string> Oddities) : ReportEvent
{
    public override string Sentence
    {
        get
        {
            string what = Width is null ? "" : $"JPEG, {Width}x{Height}, {Coding}, {(Components == 1 ? "gray" : $"{Components} components {Sampling}")}, ";
            string profile = Profile is null ? "" : $", colour profile {Profile} (not applied)";
            string turned = Orientation is null ? "" : $", EXIF orientation {Orientation} (not applied)";
            string verdict = Fault switch
            {
                null => "whole",
                PictureFault.Damaged => $"damaged: it {Detail}",
                _ => $"no picture for koala: it {Detail}",
            };
            string oddities = Oddities.Count == 0 ? "" : $"; it {string.Join(", and ", Oddities)}";
            return $"{File}: {what}{Amount.Of(Bytes, "byte")}{profile}{turned}: {verdict}{oddities}";
        }
    }
}

/// <summary>The contents of the records of a folder.</summary>
/// <param name="Validation">Files for validation.</param>
/// <param name="Damaged">Files that could not be read to the end; no sum includes them.</param>
internal sealed record FolderInspected(
    string Folder, int Files, int Validation, int Damaged, long Records, long Pictures, long Bytes, double? MeanLuminance, double? MeanChroma) : ReportEvent
{
    public override string Sentence
    {
        get
        {
            string validation = Validation > 0 ? $" ({Validation:N0} for validation)" : "";
            string damaged = Damaged > 0 ? $", {Damaged:N0} damaged" : "";
            string kind = Pictures == Records ? Amount.Of(Pictures, "picture") : $"{Amount.Of(Records, "example")}, {Pictures:N0} of them {Amount.Noun(Pictures, "picture")}";
            string means = MeanLuminance is double luminance ? $", mean L {luminance:0.0}, mean chroma {MeanChroma:0.0}" : "";
            return $"{Folder}: {Amount.Of(Files, "file")}{validation}{damaged}, {kind}, {Sizes.Format(Bytes)}{means}";
        }
    }
}

/// <summary>The page was written.</summary>
internal sealed record PageWritten(string Page, long Pictures, long Bytes) : ReportEvent
{
    public override string Sentence => $"Wrote {Page} with {Amount.Of(Pictures, "picture")}, {Sizes.Format(Bytes)}.";
}
