using System.Globalization;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Cluster.Wire;

/// <summary>A slice of a job's round.</summary>
/// <param name="Job">The job.</param>
/// <param name="Round">The round, from 1.</param>
/// <param name="Slice">The slice, from 0.</param>
public readonly record struct SliceId(JobId Job, int Round, int Slice)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Job}/{Round}/{Slice}");
}

/// <summary>A record of a job's data set. The sharded writer's entity id is its text.</summary>
/// <param name="Job">The job.</param>
/// <param name="Record">The record's number in the set, K.</param>
public readonly record struct RecordId(JobId Job, int Record)
{
    /// <summary><c>job/K</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Job}/{Record}");
}

/// <summary>
/// A process that works in the cluster, for as long as it lives: the name of its temporary spaces (<see cref="Koalarization.Dataset.Storage.OwnerScratch.NewName"/>). A process
/// that is started again has another one.
/// </summary>
/// <param name="Name">Host name, boot id and random characters.</param>
public readonly record struct NodeOwner(string Name)
{
    /// <inheritdoc/>
    public override string ToString() => Name;
}
