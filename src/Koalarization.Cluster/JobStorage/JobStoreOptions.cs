using Koalarization.Cluster.Wire;

namespace Koalarization.Cluster.JobStorage;

/// <summary>What a job store works with.</summary>
internal sealed record JobStoreOptions
{
    /// <summary>The store's folder, full path.</summary>
    public required string Root { get; init; }

    /// <summary>This process.</summary>
    public required NodeOwner Owner { get; init; }

    /// <summary>What the nodes' JPEG library makes of a known set of pictures.</summary>
    public required string CodecFingerprint { get; init; }

    /// <summary>The sources that jobs may name; null: any.</summary>
    public AllowedSources? Sources { get; init; }

    /// <summary>Gets what a user should know, in one sentence.</summary>
    public Action<string> Note { get; init; } = _ => { };

    /// <summary>How often a data set that another program has locked is tried, once a second, before the job is refused.</summary>
    public int MaxLockTries { get; init; } = 20;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
