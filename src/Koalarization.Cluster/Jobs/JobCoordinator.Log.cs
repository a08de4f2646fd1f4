using Microsoft.Extensions.Logging;

namespace Koalarization.Cluster;

internal sealed partial class JobCoordinator
{
    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Job {Job} is on disk; cancelled: {IsCancelled}")]
        public static partial void JobEntered(ILogger log, JobId job, bool isCancelled);

        [LoggerMessage(Level = LogLevel.Information, Message = "Job {Job} is open in epoch {Epoch}; {Slices} slices are left")]
        public static partial void JobOpened(ILogger log, JobId job, long epoch, int slices);

        [LoggerMessage(Level = LogLevel.Information, Message = "Job {Job} is {Phase} {Why}")]
        public static partial void JobEnded(ILogger log, JobId job, JobsProtocol.JobPhase phase, string why);

        [LoggerMessage(Level = LogLevel.Warning, Message = "{Work} of job {Job} failed")]
        public static partial void DeskFailed(ILogger log, JobId job, DeskWork work, Exception? exception);

        [LoggerMessage(Level = LogLevel.Information, Message = "Node {Owner} at {Address} is here as {Roles}")]
        public static partial void NodeSpoke(ILogger log, NodeOwner owner, string address, IReadOnlyList<string> roles);

        [LoggerMessage(Level = LogLevel.Information, Message = "Node {Owner} at {Address} is gone")]
        public static partial void NodeGone(ILogger log, NodeOwner owner, string address);

        [LoggerMessage(Level = LogLevel.Information, Message = "Node {Address} was told to leave")]
        public static partial void NodeDraining(ILogger log, string address);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Node {Owner} cannot go on with {Slice}: {Fault}")]
        public static partial void NodeCannotGoOn(ILogger log, NodeOwner owner, SliceId slice, string fault);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Record {Record} was not written by {Owner}: {Reason}")]
        public static partial void RecordFailed(ILogger log, RecordId record, NodeOwner owner, string reason);
    }
}
