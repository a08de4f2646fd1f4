using Koalarization.Dataset;

namespace Koalarization.Cluster;

/// <summary>What a job desk works with.</summary>
internal sealed record JobDeskOptions
{
    /// <summary>The store's folder, full path.</summary>
    public required string Root { get; init; }

    /// <summary>This process.</summary>
    public required NodeOwner Owner { get; init; }

    /// <summary>What the nodes' JPEG library makes of a known set of pictures.</summary>
    public required string CodecFingerprint { get; init; }

    /// <summary>Whether jobs are kept in the store, and outlive the process; else only in memory.</summary>
    public required bool KeepsJobs { get; init; }

    /// <summary>What has the data sets in work.</summary>
    public DataOwnerKind Kind { get; init; } = DataOwnerKind.Cluster;

    /// <summary>What people call a data set's folder.</summary>
    public Func<string, string> NameOf { get; init; } = data => data;

    /// <summary>Is told what a user should know, in one sentence.</summary>
    public Action<string> Note { get; init; } = _ => { };

    /// <summary>Runs the reading of a list: <see cref="JobOpening.Measured"/>.</summary>
    public Func<Func<Action, Task<JobLinks>>, Task<JobLinks>> Measured { get; init; } = read => read(() => { });

    /// <summary>How often a data set that another program has locked is tried, a second after the other, before the job is refused.</summary>
    public int TriesToLock { get; init; } = 20;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
