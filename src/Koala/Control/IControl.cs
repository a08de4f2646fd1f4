using Koalarization.Cluster.Coordination;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Koala.Control;

/// <summary>What commands ask of a cluster, wherever they run. Each member fails with a <see cref="Commands.UserErrorException"/> whose sentence is for the user.</summary>
internal interface IControl
{
    /// <summary>Begins a job, or continues it.</summary>
    Task<JobsProtocol.JobAccepted> SubmitAsync(JobSpec spec, CancellationToken cancellation);

    /// <summary>The jobs, newest first.</summary>
    Task<JobsProtocol.JobList> JobsAsync(CancellationToken cancellation);

    /// <summary>A job by its id, a unique prefix of it, or its data set's folder.</summary>
    Task<JobsProtocol.JobStatus> JobAsync(string name, CancellationToken cancellation);

    /// <summary>Stops a job, and gives its id.</summary>
    Task<string> CancelAsync(string name, CancellationToken cancellation);

    /// <summary>The nodes.</summary>
    Task<JobsProtocol.NodeList> NodesAsync(CancellationToken cancellation);

    /// <summary>Has a node finish and leave.</summary>
    Task<JobsProtocol.DrainAccepted> DrainAsync(string address, CancellationToken cancellation);

    /// <summary>How many embedders are of use now.</summary>
    /// <param name="picturesPerEmbedder">Waiting pictures for each; null: the usual number.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<EmbeddersWanted> EmbeddersAsync(int? picturesPerEmbedder, CancellationToken cancellation);
}
