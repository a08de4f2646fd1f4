using System.Globalization;
using Koalarization.Dataset.Records;

namespace Koalarization.Dataset.Storage;

/// <summary>The names of records: the same in a data set's folder, where they are in <c>tfrecords</c>, and in a folder of records alone.</summary>
/// <param name="folder">The folder of the records: <see cref="DataLayout.Records"/>, or an empty string for the store's own folder.</param>
public sealed class RecordLayout(string folder)
{
    /// <summary>Of a data set's folder.</summary>
    public static RecordLayout OfDataSet { get; } = new(DataLayout.Records);

    /// <summary>Of a folder that has records alone.</summary>
    public static RecordLayout OfFolder { get; } = new("");

    /// <summary>The folder of the records; empty for the store's own folder.</summary>
    public string Folder { get; } = folder;

    /// <summary><c>.koala/records/K.json</c>: the commit of a record.</summary>
    public static string Manifest(int record) => string.Create(CultureInfo.InvariantCulture, $"{DataLayout.RecordManifests}/{record}.json");

    /// <summary><c>.koala/records/K.SHA256.data</c>: a record's content until it has its final name.</summary>
    public static string Data(int record, string sha256) => string.Create(CultureInfo.InvariantCulture, $"{DataLayout.RecordManifests}/{record}.{sha256}.data");

    /// <summary>The record's final name.</summary>
    public string Final(RecordName record) => Folder.Length == 0 ? record.ToString() : $"{Folder}/{record}";
}
