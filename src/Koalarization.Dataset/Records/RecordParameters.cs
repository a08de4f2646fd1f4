using System.Text.Json.Serialization;
using Koalarization.Dataset.Composition;
using Koalarization.Imaging.Jpeg;

namespace Koalarization.Dataset.Records;

/// <summary>All that changes the bytes of a record, beside its pictures. Two runs over one folder must agree on each of them.</summary>
public sealed record RecordParameters
{
    /// <summary>The network's weights: their SHA-256, or <c>random:SEED</c>.</summary>
    public required string Weights { get; init; }

    /// <summary>The precision of the network, with the device family where it is not fp32: <c>fp32</c>, <c>bf16/cpu</c>.</summary>
    public required string Precision { get; init; }

    /// <summary><c>none</c>, or <c>original</c> for the original code's 224 x 224 pictures.</summary>
    public required string Compatibility { get; init; }

    /// <summary><c>none</c>, <c>gzip</c> or <c>zlib</c>.</summary>
    public required string Compression { get; init; }

    /// <summary>Pictures in a record.</summary>
    public required int PicturesPerRecord { get; init; }

    /// <summary>The prefix of a picture's file name in <c>image_name</c>: the source folder as it was typed, and a slash.</summary>
    public required string ImageNamePrefix { get; init; }

    /// <summary>What this machine's JPEG library makes of a known set of pictures.</summary>
    public required string CodecFingerprint { get; init; }

    /// <summary>The number of the rule of which pictures are whole; null: the first rule. A folder keeps the one that it was begun with.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PictureRule? PictureRule { get; init; }

    /// <summary>Which pictures are whole.</summary>
    [JsonIgnore]
    public PictureRule Rule => PictureRule ?? Imaging.Jpeg.PictureRule.WithoutWarnings;

    /// <summary>The pipeline key of the records.</summary>
    public string Key() =>
        PipelineKey.Of(Weights, Precision, Compatibility, PreparedPicture.Size, PreparedPicture.Size, CodecFingerprint);

    /// <summary>Describes what differs; null when nothing does.</summary>
    public string? DifferenceFrom(RecordParameters earlier)
    {
        (string What, string Now, string Then)[] pairs =
        [
            ("the weights are", Weights, earlier.Weights),
            ("the precision is", Precision, earlier.Precision),
            ("--compat is", Compatibility, earlier.Compatibility),
            ("--compression is", Compression, earlier.Compression),
            ("-b is", PicturesPerRecord.ToString(), earlier.PicturesPerRecord.ToString()),
            ("pictures are named", ImageNamePrefix, earlier.ImageNamePrefix),
            ("the JPEG library's fingerprint is", CodecFingerprint, earlier.CodecFingerprint),
        ];
        foreach ((string what, string now, string then) in pairs)
        {
            if (!string.Equals(now, then, StringComparison.Ordinal))
            {
                return $"{what} {now}, and {then} before";
            }
        }

        return null;
    }
}
