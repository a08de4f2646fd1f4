using Koalarization.Dataset.Storage;
using Koalarization.Dataset.Verifying;

namespace Koalarization.Koala.Repair;

/// <summary>What it means that a part of a data set's state is lost, and what to do.</summary>
internal static class LostState
{
    /// <summary>Of a record's manifest.</summary>
    public const string OfRecordManifest =
        "without its manifest nothing says what the record was; restore .koala/records from a copy, or remove the record's file and manifest, and koala run makes both again";

    /// <summary>The sentence of a part of the state that is missing or damaged; null where it is none.</summary>
    public static string? Of(Finding finding) =>
        finding.Name switch
        {
            DataLayout.Network => "what the records were made with is lost (dataset.json has the same under \"network\"); restore it from a copy",
            _ when IsIn(finding, "slices") =>
                "which of its links were kept, and the hashes of their pictures, are lost; pictures and records stay as they are; restore it from a copy of the data set",
            _ when IsIn(finding, "fetched") => "which of its links were fetched is lost; restore it from a copy of the data set",
            _ when IsIn(finding, "plan") => "the links of its round are lost: neither index.csv nor the round before gives them to the byte; restore it from a copy of the data set",
            _ when IsIn(finding, "rounds") => "how its round began is lost; restore it from a copy of the data set",
            _ when IsIn(finding, "records") => OfRecordManifest,
            _ => null,
        };

    private static bool IsIn(Finding finding, string folder) =>
        (finding.Name + "/").StartsWith($"{DataLayout.State}/{folder}/", StringComparison.Ordinal);
}
