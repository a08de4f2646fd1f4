using Koalarization.Dataset.Records;
using Koalarization.Dataset.Storage;

namespace Koalarization.Dataset.State;

/// <summary>What records are made with: fixed before a data set's first record (<c>network.json</c>).</summary>
public sealed record NetworkParameters
{
    /// <summary>Pictures in a record by default.</summary>
    public const int DefaultPicturesPerRecord = 500;

    /// <summary>Where the weights were found, as given to the first run (a file's full path): used again when a later run names none.</summary>
    public required string Checkpoint { get; init; }

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

    /// <summary>The parameters that a data set's records are made with, or null while it has none.</summary>
    /// <exception cref="InvalidDataException">The file is not what this program wrote.</exception>
    public static NetworkParameters? Find(IDataStore store) => StateFile.Find<NetworkParameters>(store, DataLayout.Network);

    /// <summary>Fixes the parameters, unless they are already, and gives those that hold.</summary>
    public NetworkParameters Fix(IDataStore store) => StateFile.Fix(store, DataLayout.Network, this);

    /// <summary>Describes what differs; null when nothing does. Where the weights were found makes no difference.</summary>
    public string? DifferenceFrom(NetworkParameters earlier)
    {
        (string What, string Now, string Then)[] pairs =
        [
            ("the weights are", Weights, earlier.Weights),
            ("the precision is", Precision, earlier.Precision),
            ("--compat is", Compatibility, earlier.Compatibility),
            ("--compression is", Compression, earlier.Compression),
            ("--batch-size is", $"{PicturesPerRecord}", $"{earlier.PicturesPerRecord}"),
        ];
        return pairs.Where(pair => !string.Equals(pair.Now, pair.Then, StringComparison.Ordinal))
            .Select(pair => $"{pair.What} {pair.Now}, and {pair.Then} before")
            .FirstOrDefault();
    }

    /// <summary>
    /// The pipeline key: a hash of all that changes a record's numbers. Nodes that would compute under another key never work on the same job.
    /// </summary>
    public string KeyWith(JobParameters job) => PipelineKey.Of(Weights, Precision, Compatibility, job.Width, job.Height, job.CodecFingerprint);
}
