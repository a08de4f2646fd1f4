using Akka.Actor;
using Koalarization.Harvest;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Koalarization.Cluster;

/// <summary>What a coordinator is made of.</summary>
internal sealed record CoordinatorParts
{
    /// <summary>Its work on disk.</summary>
    public required IJobDesk Desk { get; init; }

    /// <summary>Where messages to the writers of records go, by what the job's JPEG library makes: the shard region, or a proxy of it.</summary>
    public required Func<ActorSystem, string, ICanTell> Records { get; init; }

    /// <summary>The actor that tells it of members; null: somebody else does.</summary>
    public Props? Membership { get; init; } = Props.Create<MembershipWatch>();

    /// <summary>How gently hosts are asked, all nodes together.</summary>
    public HarvestOptions Harvest { get; init; } = new();

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Its log.</summary>
    public ILogger Log { get; init; } = NullLogger.Instance;
}
