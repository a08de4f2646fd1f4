namespace Koalarization.Cluster.Embedding;

/// <summary>
/// When a batch is closed: when it is full, or when its oldest picture has waited long enough on an idle device. While a batch runs, the next one may
/// wait behind it, but only a full one: a short one costs the device as much, and would be longer by the time it is its turn.
/// </summary>
/// <param name="MaxWait">How long a picture waits for company on an idle device.</param>
internal sealed record BatchPolicy(TimeSpan MaxWait)
{
    /// <summary>Batches that a device is given at once: one that runs, and one that follows without a pause.</summary>
    public const int MaxOnDevice = 2;

    // Decoded pictures wait in memory: this many take 180 MB.
    private const int MaxInTransit = 2048;

    // An answer's way to the client, the next request's way back, and the decoding of its pictures.
    private static readonly TimeSpan RoundTrip = TimeSpan.FromMilliseconds(250);

    public static BatchPolicy Default { get; } = new(TimeSpan.FromMilliseconds(100));

    /// <summary>How many of the ready pictures a device is given now; 0: none yet.</summary>
    /// <param name="ready">Pictures that are decoded.</param>
    /// <param name="waited">How long the oldest of them has been.</param>
    /// <param name="onDevice">Batches that the device has.</param>
    /// <param name="batchSize">Pictures in its full batch.</param>
    public int Close(int ready, TimeSpan waited, int onDevice, int batchSize) =>
        onDevice >= MaxOnDevice ? 0
        : ready >= batchSize ? batchSize
        : onDevice == 0 && waited >= MaxWait ? ready
        : 0;

    /// <summary>
    /// Pictures that keep the devices busy: two batches for each, what they get through while an answer and the next request are in flight, and one request because
    /// requests and batches are not cut at the same pictures.
    /// </summary>
    /// <param name="batchImages">Pictures of a full batch, summed over the devices; 0: there is no device.</param>
    /// <param name="imagesPerSecond">Their rate, together; 0: not known yet.</param>
    public static int Capacity(int batchImages, double imagesPerSecond) =>
        batchImages == 0 ? 0
        : WholeRequests((MaxOnDevice * batchImages) + (int)Math.Ceiling(Math.Min(imagesPerSecond * RoundTrip.TotalSeconds, MaxInTransit))) + EmbedProtocol.MaxImages;

    /// <summary>Rounds up to requests that are full.</summary>
    public static int WholeRequests(int images) => (images + EmbedProtocol.MaxImages - 1) / EmbedProtocol.MaxImages * EmbedProtocol.MaxImages;
}
