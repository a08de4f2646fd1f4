using Koalarization.Dataset.Records;

namespace Koalarization.Dataset.Verifying;

/// <summary>What a record should hold, as far as anything says it.</summary>
/// <param name="Number">The record's number.</param>
/// <param name="Manifest">Its manifest, where it has one.</param>
/// <param name="Names">Its pictures' names as it should have them, in order; null where nothing says them.</param>
/// <param name="Size">Width and height of its pictures; null where nothing says them.</param>
internal sealed record ExpectedRecord(int Number, RecordManifest? Manifest, IReadOnlyList<string>? Names, int? Size);
