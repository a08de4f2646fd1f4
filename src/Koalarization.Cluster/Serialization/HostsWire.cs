using static Koalarization.Cluster.FetchProtocol;

namespace Koalarization.Cluster;

/// <summary>Between what is said of hosts and its schema.</summary>
internal static class HostsWire
{
    public static Wire.HostsUsed ToWire(HostsUsed message)
    {
        var wire = new Wire.HostsUsed { Job = message.Job.Value, Owner = message.Owner.Name };
        wire.Hosts.AddEach(message.Hosts, ToWire);
        return wire;
    }

    public static HostsUsed FromWire(Wire.HostsUsed wire) => new(new JobId(wire.Job), new NodeOwner(wire.Owner), wire.Hosts.Each(FromWire));

    public static Wire.HostsLent ToWire(HostsLent message)
    {
        var wire = new Wire.HostsLent { Job = message.Job.Value };
        wire.Hosts.AddEach(message.Hosts, ToWire);
        return wire;
    }

    public static HostsLent FromWire(Wire.HostsLent wire) => new(new JobId(wire.Job), wire.Hosts.Each(FromWire));

    private static Wire.HostUse ToWire(HostUse use)
    {
        var wire = new Wire.HostUse
        {
            Host = use.Host,
            Wanted = use.Wanted,
            Held = use.Held,
            Generation = use.Generation,
            GoodAnswers = use.GoodAnswers,
        };
        wire.Refusals.AddEach(use.Refusals, ToWire);
        return wire;
    }

    private static HostUse FromWire(Wire.HostUse wire) => new(
        wire.Host, wire.Wanted, wire.Held, wire.Generation, wire.GoodAnswers, wire.Refusals.Each(FromWire));

    private static Wire.HostRefusal ToWire(HostRefusal refusal)
    {
        var wire = new Wire.HostRefusal { Outcome = refusal.Outcome, Era = refusal.Era };
        if (refusal.Detail is string detail)
        {
            wire.Detail = WireText.Cut(detail, HostRefusal.MostDetailBytes);
        }

        if (refusal.RetryAfter is TimeSpan after)
        {
            wire.RetryAfterTicks = after.Ticks;
        }

        return wire;
    }

    private static HostRefusal FromWire(Wire.HostRefusal wire) => new(
        wire.Outcome, wire.HasDetail ? wire.Detail : null, wire.HasRetryAfterTicks ? TimeSpan.FromTicks(wire.RetryAfterTicks) : null, wire.Era);

    private static Wire.HostPlaces ToWire(HostPlaces places)
    {
        var wire = new Wire.HostPlaces
        {
            Host = places.Host,
            Generation = places.Generation,
            Places = places.Places,
            Era = places.Era,
            PauseTicks = places.Pause.Ticks,
            IsGivenUp = places.IsGivenUp,
            Turn = places.Turn,
        };
        if (places.Refusal is string refusal)
        {
            wire.Refusal = WireText.Cut(refusal, HostPlaces.MostRefusalBytes);
        }

        return wire;
    }

    private static HostPlaces FromWire(Wire.HostPlaces wire) => new(
        wire.Host, wire.Generation, wire.Places, wire.Era, TimeSpan.FromTicks(wire.PauseTicks), wire.IsGivenUp, wire.HasRefusal ? wire.Refusal : null, wire.Turn);
}
