using System.Diagnostics.Metrics;
using Koalarization.Cluster.Hosting;

namespace Koalarization.Cluster.Coordination;

/// <summary>What the coordinator measures. Gauges are read from its state, on the node that has it and on no other.</summary>
internal static class CoordinationInstruments
{
    private static volatile CoordinatorState? _state;

    static CoordinationInstruments()
    {
        Meter meter = ClusterInstruments.Meter;
        _ = meter.CreateObservableGauge("koala.jobs", Jobs, unit: null, "Jobs, by phase.");
        _ = meter.CreateObservableGauge("koala.jobs.obstructed", () => Of(state => state.Live.Count(job => (job.StoreFault ?? job.Obstacle) is not null)), unit: null, "Jobs that wait for the store.");
        _ = meter.CreateObservableGauge("koala.slices.open", () => Of(state => state.Working.Sum(job => job.Ledger!.OpenSlices)), unit: null, "Slices that are not resolved.");
        _ = meter.CreateObservableGauge("koala.slices.leased_now", () => Of(state => state.Working.Sum(job => job.Ledger!.Leases.Slices)), unit: null, "Slices that a node works on.");
        _ = meter.CreateObservableGauge("koala.records.waiting", () => Of(state => JobStatusProjection.EmbedDemandOf(state).Records), unit: null, "Records that could be written by now, and are not.");
        _ = meter.CreateObservableGauge("koala.pictures.waiting", () => Of(state => JobStatusProjection.EmbedDemandOf(state).Pictures), unit: null, "Pictures of these without logits.");
        _ = meter.CreateObservableGauge(
            "koala.embedders.wanted",
            () => Of(state => JobStatusProjection.EmbedDemandOf(state).Wanted(JobsProtocol.EmbedDemand.DefaultPicturesPerEmbedder)), unit: null, "Embedders that are of use now.");
        _ = meter.CreateObservableGauge("koala.nodes", Nodes, unit: null, "Nodes of the cluster, by role and membership.");
    }

    /// <summary>Slices that were given to a node: more than were resolved where leases passed from one node to another.</summary>
    public static Counter<long> Leases { get; } = ClusterInstruments.Meter.CreateCounter<long>("koala.slices.leases", description: "Slices that were given to a node.");

    /// <summary>Slices that were resolved.</summary>
    public static Counter<long> Resolved { get; } = ClusterInstruments.Meter.CreateCounter<long>("koala.slices.resolved", description: "Slices that nodes reported as resolved.");

    /// <summary>Slices that a node gave back.</summary>
    public static Counter<long> HandedBack { get; } = ClusterInstruments.Meter.CreateCounter<long>("koala.slices.handed_back", description: "Slices that a node gave back.");

    /// <summary>Attempts to write a record that failed.</summary>
    public static Counter<long> RecordFailures { get; } =
        ClusterInstruments.Meter.CreateCounter<long>("koala.records.failures", description: "Attempts to write a record that failed.");

    /// <summary>What the gauges show.</summary>
    /// <param name="state">The coordinator's state; null: this node does not have the coordinator any more.</param>
    public static void Show(CoordinatorState? state) => _state = state;

    private static IEnumerable<Measurement<long>> Of(Func<CoordinatorState, long> value) => _state is CoordinatorState state ? [new Measurement<long>(value(state))] : [];

    private static IEnumerable<Measurement<long>> Jobs() => _state is not CoordinatorState state
        ? []
        : Enum.GetValues<JobsProtocol.JobPhase>().Select(phase =>
            new Measurement<long>(state.Jobs.Count(job => job.Phase == phase), KeyValuePair.Create<string, object?>("phase", phase.ToString().ToLowerInvariant())));

    private static IEnumerable<Measurement<long>> Nodes() => _state is not CoordinatorState state
        ? []
        : from member in state.Nodes.Members.Values
          from role in member.Roles.Where(NodeRoles.All.Contains)
          group member by (role, member.State) into nodes
          select new Measurement<long>(
              nodes.Count(),
              KeyValuePair.Create<string, object?>("role", nodes.Key.role),
              KeyValuePair.Create<string, object?>("state", nodes.Key.State.ToLowerInvariant()));
}
