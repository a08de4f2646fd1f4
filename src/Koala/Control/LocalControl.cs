using Koalarization.Cluster.Control;
using Koalarization.Cluster.Coordination;
using Koalarization.Koala.Commands;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Koala.Control;

/// <summary>The cluster as a control node's own process asks it: what the HTTP API answers with, without HTTP.</summary>
/// <param name="control">Finds the service, once the node has started.</param>
internal sealed class LocalControl(Func<ControlService> control) : IControl
{
    public Task<JobsProtocol.JobAccepted> SubmitAsync(JobSpec spec, CancellationToken cancellation) => AskAsync(service => service.SubmitAsync(spec));

    public Task<JobsProtocol.JobList> JobsAsync(CancellationToken cancellation) => AskAsync(service => service.JobsAsync());

    public Task<JobsProtocol.JobStatus> JobAsync(string name, CancellationToken cancellation) => AskAsync(service => service.JobAsync(name));

    public async Task<string> CancelAsync(string name, CancellationToken cancellation) => (await AskAsync(service => service.CancelAsync(name))).Job.Value;

    public Task<JobsProtocol.NodeList> NodesAsync(CancellationToken cancellation) => AskAsync(service => service.NodesAsync());

    public Task<JobsProtocol.DrainAccepted> DrainAsync(string address, CancellationToken cancellation) => AskAsync(service => service.DrainAsync(address));

    public async Task<EmbeddersWanted> EmbeddersAsync(int? picturesPerEmbedder, CancellationToken cancellation) =>
        EmbeddersWanted.Of(await AskAsync(service => service.EmbedDemandAsync()), picturesPerEmbedder);

    private async Task<T> AskAsync<T>(Func<ControlService, Task<T>> ask)
    {
        try
        {
            return await ask(control());
        }
        catch (ControlException refused)
        {
            throw new UserErrorException(refused.Message, refused.Error == ControlError.Invalid ? ExitCode.UsageError : ExitCode.Failed);
        }
    }
}
