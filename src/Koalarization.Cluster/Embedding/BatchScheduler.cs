namespace Koalarization.Cluster.Embedding;

/// <summary>An embedder's devices, and the decoded pictures that wait for them, in the order in which they were asked for. One thread at a time.</summary>
/// <param name="policy">When a batch is closed.</param>
internal sealed class BatchScheduler(BatchPolicy policy)
{
    private readonly List<DeviceQueue> _devices = [];
    private readonly SortedDictionary<long, PictureInWork> _ready = [];

    /// <summary>Whether any device can be used.</summary>
    public bool IsUsable => Usable.Any();

    /// <summary>Decoded pictures that wait for a device.</summary>
    public int Waiting => _ready.Count;

    public double ImagesPerSecond => Usable.Sum(device => device.Rate.ImagesPerSecond);

    /// <summary>Pictures that keep the devices busy.</summary>
    public int Capacity => BatchPolicy.Capacity(Usable.Sum(device => device.BatchSize), ImagesPerSecond);

    private IEnumerable<DeviceQueue> Usable => _devices.Where(device => !device.IsFailed);

    private IEnumerable<DeviceQueue> Open => _devices.Where(device => device is { IsFailed: false, IsTooLarge: false });

    public void Add(DeviceQueue device) => _devices.Add(device);

    public bool Has(DeviceQueue device) => _devices.Contains(device);

    /// <summary>A picture is decoded, or its batch was not run.</summary>
    public void Add(PictureInWork picture) => _ready.Add(picture.Arrival, picture);

    /// <summary>Takes out the pictures of a request that is answered.</summary>
    public void Remove(RequestInWork request)
    {
        foreach (PictureInWork picture in _ready.Values.Where(picture => picture.Request == request).ToArray())
        {
            _ready.Remove(picture.Arrival);
            picture.Release();
        }
    }

    /// <summary>Takes out the next batch that is to run, and its device; null: none yet.</summary>
    public (DeviceQueue Device, IReadOnlyList<PictureInWork> Pictures)? Next(TimeSpan now)
    {
        foreach (DeviceQueue device in Open.OrderBy(device => device.OnDevice))
        {
            if (policy.Close(_ready.Count, Waited(now), device.OnDevice, device.BatchSize) is int count and > 0)
            {
                return (device, Take(count));
            }
        }

        return null;
    }

    /// <summary>After what time a short batch is due although nothing else happens; null: there is none.</summary>
    public TimeSpan? NextDue(TimeSpan now) =>
        _ready.Count > 0 && Open.Any(device => device.OnDevice == 0) ? policy.MaxWait - Waited(now) : null;

    private TimeSpan Waited(TimeSpan now) => _ready.Count == 0 ? TimeSpan.Zero : now - _ready.First().Value.ReadyAt;

    private PictureInWork[] Take(int count)
    {
        PictureInWork[] taken = [.. _ready.Values.Take(count)];
        foreach (PictureInWork picture in taken)
        {
            _ready.Remove(picture.Arrival);
        }

        return taken;
    }
}
