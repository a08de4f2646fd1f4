using Koalarization.Dataset.Storage;
using Koalarization.Harvest.Outages;

namespace Koalarization.Cluster.Hosting;

/// <summary>What this process has done since it started. Thread-safe.</summary>
public sealed class NodeActivity
{
    private const int NoFault = -1;

    private long _links;
    private long _embedded;
    private long _written;
    private long _deviceTicks;
    private long _commitTicks;
    private int _networkFault = NoFault;

    /// <summary>Links that got an outcome, pictures that the network embedded, pictures that got their place in a record.</summary>
    public (long Links, long Embedded, long Written) Totals => (Volatile.Read(ref _links), Volatile.Read(ref _embedded), Volatile.Read(ref _written));

    /// <summary>How long its devices computed, and how long it waited until the store had made something durable.</summary>
    internal (TimeSpan Device, TimeSpan Store) Busy =>
        (TimeSpan.FromTicks(Volatile.Read(ref _deviceTicks)), TimeSpan.FromTicks(Volatile.Read(ref _commitTicks)) + StoreInstruments.Flushing);

    /// <summary>What of the network looks broken; null: nothing does.</summary>
    public NetworkFault? NetworkFault => Volatile.Read(ref _networkFault) is var fault and not NoFault ? (NetworkFault)fault : null;

    /// <summary>Something about fetching as a whole.</summary>
    public void OutageNoticed(OutageNotice notice)
    {
        switch (notice)
        {
            case NetworkLost lost:
                Volatile.Write(ref _networkFault, (int)lost.Fault);
                break;
            case NetworkBack or HostsConfirmedDead:
                Volatile.Write(ref _networkFault, NoFault);
                break;
        }
    }

    /// <summary>A device has run a batch.</summary>
    /// <param name="took">For how long, of all devices together that are one node's.</param>
    internal void DeviceRan(TimeSpan took) => Interlocked.Add(ref _deviceTicks, took.Ticks);

    /// <summary>A record was made durable.</summary>
    internal void Committed(TimeSpan took) => Interlocked.Add(ref _commitTicks, took.Ticks);

    /// <summary>A link got its outcome.</summary>
    public void LinkEnded() => Interlocked.Increment(ref _links);

    /// <summary>The network embedded pictures.</summary>
    public void Embedded(int pictures) => Interlocked.Add(ref _embedded, pictures);

    /// <summary>Pictures of a record got their logits.</summary>
    public void Written(int pictures) => Interlocked.Add(ref _written, pictures);
}
