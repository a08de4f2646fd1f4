using Koalarization.Cluster.Coordination;

namespace Koalarization.Koala.Reporting;

/// <summary>What a job is bound by, in a few words.</summary>
internal static class JobBoundText
{
    /// <summary>The words; null: there is nothing to say.</summary>
    public static string? Of(JobsProtocol.JobBound? bound) => bound switch
    {
        JobsProtocol.JobBound.Store => "bound by the store",
        JobsProtocol.JobBound.Embedders => "bound by embedders",
        JobsProtocol.JobBound.WriteNodes => "bound by write nodes",
        JobsProtocol.JobBound.Hosts => "bound by hosts",
        JobsProtocol.JobBound.FetchNodes => "bound by fetch nodes",
        JobsProtocol.JobBound.Outage => "bound by an outage of the network",
        _ => null,
    };
}
