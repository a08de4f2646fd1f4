namespace Koalarization.Cluster.Hosting;

/// <summary>What this process has done since it started. Thread-safe.</summary>
public sealed class NodeActivity
{
    private long _links;
    private long _embedded;
    private long _written;

    /// <summary>Links that got an outcome, pictures that the network embedded, pictures that got their place in a record.</summary>
    public (long Links, long Embedded, long Written) Totals => (Volatile.Read(ref _links), Volatile.Read(ref _embedded), Volatile.Read(ref _written));

    /// <summary>A link got its outcome.</summary>
    public void LinkEnded() => Interlocked.Increment(ref _links);

    /// <summary>The network embedded pictures.</summary>
    public void Embedded(int pictures) => Interlocked.Add(ref _embedded, pictures);

    /// <summary>Pictures of a record got their logits.</summary>
    public void Written(int pictures) => Interlocked.Add(ref _written, pictures);
}
