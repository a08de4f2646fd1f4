using Koalarization.Pipeline.Jobs;
using static Koalarization.Cluster.Fetching.FetchProtocol;

namespace Koalarization.Cluster.Wire;

/// <summary>Between the messages about host permits and fetch.proto.</summary>
internal static class HostsWire
{
    public static Proto.ReportHostUsage ToWire(ReportHostUsage message)
    {
        var wire = new Proto.ReportHostUsage
        {
            Job = message.Job.Value,
            Owner = message.Owner.Name,
            SentAtTicks = message.SentAt.Ticks,
            LifeTicks = message.Life.Ticks,
        };
        wire.Hosts.AddEach(message.Hosts, ToWire);
        return wire;
    }

    public static ReportHostUsage FromWire(Proto.ReportHostUsage wire) => new(
        new JobId(wire.Job), new NodeOwner(wire.Owner), TimeSpan.FromTicks(wire.SentAtTicks), TimeSpan.FromTicks(wire.LifeTicks), wire.Hosts.Each(FromWire));

    public static Proto.HostPermitsGranted ToWire(HostPermitsGranted message)
    {
        var wire = new Proto.HostPermitsGranted { Job = message.Job.Value };
        wire.Hosts.AddEach(message.Hosts, ToWire);
        return wire;
    }

    public static HostPermitsGranted FromWire(Proto.HostPermitsGranted wire) => new(new JobId(wire.Job), wire.Hosts.Each(FromWire));

    private static Proto.HostUsage ToWire(HostUsage usage)
    {
        var wire = new Proto.HostUsage
        {
            Host = usage.Host,
            Wanted = usage.Wanted,
            Granted = usage.Granted,
            Returned = usage.Returned,
            Generation = usage.Generation,
            GoodAnswers = usage.GoodAnswers,
        };
        wire.Refusal = usage.Refusal is { } refusal ? ToWire(refusal) : null;
        return wire;
    }

    private static HostUsage FromWire(Proto.HostUsage wire) => new(
        wire.Host, wire.Wanted.Count(), wire.Granted.Count(), wire.Returned.Count(), wire.Generation.Count(), wire.GoodAnswers.Count(), wire.Refusal is { } refusal ? FromWire(refusal) : null);

    private static Proto.HostRefusal ToWire(HostRefusal refusal)
    {
        var wire = new Proto.HostRefusal { Outcome = refusal.Outcome, Generation = refusal.Generation };
        if (refusal.Detail is string detail)
        {
            wire.Detail = WireText.Cut(detail, HostRefusal.MaxDetailBytes);
        }

        if (refusal.RetryAfter is TimeSpan after)
        {
            wire.RetryAfterTicks = after.Ticks;
        }

        return wire;
    }

    private static HostRefusal FromWire(Proto.HostRefusal wire) => new(
        wire.Outcome, wire.HasDetail ? wire.Detail : null, wire.HasRetryAfterTicks ? TimeSpan.FromTicks(wire.RetryAfterTicks) : null, wire.Generation);

    private static Proto.HostGrant ToWire(HostGrant grant)
    {
        var wire = new Proto.HostGrant
        {
            Host = grant.Host,
            ReportedAtTicks = grant.ReportedAt.Ticks,
            Granted = grant.Granted,
            Returned = grant.Returned,
            Share = grant.Share,
            Generation = grant.Generation,
            PauseTicks = grant.Pause.Ticks,
            IsGivenUp = grant.IsGivenUp,
        };
        if (grant.Refusal is string refusal)
        {
            wire.Refusal = WireText.Cut(refusal, HostGrant.MaxRefusalBytes);
        }

        return wire;
    }

    private static HostGrant FromWire(Proto.HostGrant wire) => new()
    {
        Host = wire.Host,
        ReportedAt = TimeSpan.FromTicks(wire.ReportedAtTicks),
        Granted = wire.Granted.Count(),
        Returned = wire.Returned.Count(),
        Share = wire.Share.Count(),
        Generation = wire.Generation.Count(),
        Pause = TimeSpan.FromTicks(wire.PauseTicks),
        IsGivenUp = wire.IsGivenUp,
        Refusal = wire.HasRefusal ? wire.Refusal : null,
    };
}
