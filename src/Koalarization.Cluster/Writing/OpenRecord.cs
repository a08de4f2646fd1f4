using Koalarization.Cluster.Coordination;
using Koalarization.Dataset.Composition;
using Koalarization.Dataset.Ledger;
using Koalarization.Dataset.Records;
using Koalarization.Dataset.Slices;
using Koalarization.Dataset.State;
using Koalarization.Dataset.Storage;
using Koalarization.Records.Compression;
using static Koalarization.Cluster.Writing.WriteProtocol;

namespace Koalarization.Cluster.Writing;

/// <summary>A record to be written, as its data set's files define it.</summary>
/// <param name="Store">The data set, with this process's scratch space.</param>
/// <param name="Set">Its records.</param>
/// <param name="Job">What its pictures are made with.</param>
/// <param name="Network">What its records are made with.</param>
/// <param name="Rows">The record's pictures, in order.</param>
internal sealed record OpenRecord(FileDataStore Store, RecordSet Set, JobParameters Job, NetworkParameters Network, IReadOnlyList<LinkRow> Rows)
{
    /// <summary>The network that it needs.</summary>
    public EmbedKey Key => new(Network.Weights, Network.Precision, Job.CodecFingerprint);

    /// <summary>How it is compressed.</summary>
    public RecordCompression Compression => Enum.Parse<RecordCompression>(Network.Compression, ignoreCase: true);

    /// <summary>Which size its pictures have.</summary>
    public RecordCompatibility Compatibility => Enum.Parse<RecordCompatibility>(Network.Compatibility, ignoreCase: true);

    /// <summary>The file of one of its pictures.</summary>
    public string PathOf(LinkRow row) => Store.PathOf(new DataLayout(Job.FansOut).ResizedPicture(row.Name));

    /// <summary>Reads the data set's files. Blocks.</summary>
    /// <exception cref="InvalidDataException">A file is not there, or not what it should be.</exception>
    public static OpenRecord Read(FileDataStore store, RecordSet set, WriteRecord write)
    {
        JobParameters job = JobParameters.Find(store) ?? throw Missing(DataLayout.Job);
        NetworkParameters network = NetworkParameters.Find(store) ?? throw Missing(DataLayout.Network);
        var work = new RecordWork(write.Record.Record, write.Round, write.FirstSlice, write.LastSlice, write.Offset, write.Count);
        IReadOnlyList<LinkRow> rows = [.. Survivors.Of(store, work)];
        return rows.Count == write.Count
            ? new OpenRecord(store, set, job, network, rows)
            : throw new InvalidDataException(
                $"the manifests of round {write.Round}, slices {write.FirstSlice} to {write.LastSlice}, give {rows.Count} pictures of the {write.Count} of record {write.Record}.");
    }

    private static InvalidDataException Missing(string name) => new($"{name} cannot be found.");
}
