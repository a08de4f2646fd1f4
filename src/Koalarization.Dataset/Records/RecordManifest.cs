using Koalarization.Dataset.Composition;
using Koalarization.Dataset.Storage;

namespace Koalarization.Dataset.Records;

/// <summary>
/// What one record holds. Published, it is the commit of the record: a file under a record's name without one was written by another program.
/// </summary>
/// <param name="Record">The record's number.</param>
/// <param name="Pictures">Pictures in the record.</param>
/// <param name="Bytes">Size of the file.</param>
/// <param name="Sha256">Hash of the file, lower-case hex.</param>
/// <param name="LeftOut">Pictures of the plan that the record does not have, and why.</param>
/// <param name="Key">The pipeline key: a hash of all that changes a record's numbers, beside its pictures.</param>
/// <param name="Origin">The survivors that the record was made of; null where a folder's list was its plan.</param>
/// <param name="Statistics">Of the record's pixels.</param>
/// <param name="Chroma">The mean chroma of each picture, in the record's order.</param>
public sealed record RecordManifest(
    int Record, int Pictures, long Bytes, string Sha256, IReadOnlyList<LeftOutPicture> LeftOut, string Key, RecordOrigin? Origin,
    ColourStatistics Statistics, IReadOnlyList<double> Chroma)
{
    /// <summary>The manifest of a record, or null.</summary>
    /// <exception cref="InvalidDataException">It is not what this program wrote.</exception>
    public static RecordManifest? Find(IDataStore store, int record)
    {
        string name = RecordLayout.Manifest(record);
        RecordManifest? manifest = StateFile.Find<RecordManifest>(store, name);
        return manifest is null || manifest.Record == record
            ? manifest
            : throw new InvalidDataException($"{name} is the manifest of record {manifest.Record}; give it its own name back.");
    }
}
