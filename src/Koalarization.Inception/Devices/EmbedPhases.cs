namespace Koalarization.Inception.Devices;

/// <summary>Where a GPU's time goes, for measurements: phases that overlap in use are waited for one by one while they are measured. Thread-safe.</summary>
public sealed class EmbedPhases
{
    private long _upload;
    private long _network;
    private long _download;

    /// <summary>Whether they are measured.</summary>
    public bool IsMeasuring { get; set; }

    /// <summary>Copying bytes to the GPU and turning them into numbers there.</summary>
    public TimeSpan Upload => TimeSpan.FromTicks(Interlocked.Read(ref _upload));

    /// <summary>The network.</summary>
    public TimeSpan Network => TimeSpan.FromTicks(Interlocked.Read(ref _network));

    /// <summary>Copying logits back.</summary>
    public TimeSpan Download => TimeSpan.FromTicks(Interlocked.Read(ref _download));

    internal void Add(TimeSpan upload, TimeSpan network, TimeSpan download)
    {
        Interlocked.Add(ref _upload, upload.Ticks);
        Interlocked.Add(ref _network, network.Ticks);
        Interlocked.Add(ref _download, download.Ticks);
    }
}
