namespace Koalarization.Cluster;

/// <summary>
/// When a batch is closed: when it is full, or when its oldest picture has waited long enough on an idle device. While a batch runs, the next one may
/// wait behind it, but only a full one: a short one costs the device as much, and would be longer by the time it is its turn.
/// </summary>
/// <param name="MaxWait">How long a picture waits for company on an idle device.</param>
internal sealed record BatchPolicy(TimeSpan MaxWait)
{
    /// <summary>Batches that a device is given at once: one that runs, and one that follows without a pause.</summary>
    public const int MostOnDevice = 2;

    public static BatchPolicy Usual { get; } = new(TimeSpan.FromMilliseconds(100));

    /// <summary>How many of the ready pictures a device is given now; 0: none yet.</summary>
    /// <param name="ready">Pictures that are decoded.</param>
    /// <param name="waited">How long the oldest of them has been.</param>
    /// <param name="onDevice">Batches that the device has.</param>
    /// <param name="batchSize">Pictures in its full batch.</param>
    public int Close(int ready, TimeSpan waited, int onDevice, int batchSize) =>
        onDevice >= MostOnDevice ? 0
        : ready >= batchSize ? batchSize
        : onDevice == 0 && waited >= MaxWait ? ready
        : 0;
}
