using Koalarization.Cluster.JobStorage;
using Koalarization.Cluster.Wire;
using Koalarization.Pipeline.Jobs;
using Microsoft.Extensions.Logging;

namespace Koalarization.Cluster.Coordination;

internal sealed partial class JobCoordinator
{
    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Job {Job} was submitted")]
        public static partial void JobSubmitted(ILogger log, JobId job);

        [LoggerMessage(Level = LogLevel.Information, Message = "Job {Job} was cancelled")]
        public static partial void JobCancelled(ILogger log, JobId job);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Job {Job} does not move: {Note}")]
        public static partial void JobWaits(ILogger log, JobId job, string note);

        [LoggerMessage(Level = LogLevel.Information, Message = "Job {Job} opened in epoch {Epoch}")]
        public static partial void JobOpened(ILogger log, JobId job, long epoch);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Another coordinator published epoch {Epoch} of job {Job}; opening it again")]
        public static partial void TakenBack(ILogger log, JobId job, long epoch);

        [LoggerMessage(Level = LogLevel.Information, Message = "Job {Job} ended: {Phase} {Reason}")]
        public static partial void JobEnded(ILogger log, JobId job, JobsProtocol.JobPhase phase, string reason);

        [LoggerMessage(Level = LogLevel.Warning, Message = "{Operation} of job {Job} failed")]
        public static partial void OperationFailed(ILogger log, JobStoreOperationKind operation, JobId job, Exception? exception);

        [LoggerMessage(Level = LogLevel.Information, Message = "Node {Address} registered, roles {Roles} (process {Owner})")]
        public static partial void NodeRegistered(ILogger log, string address, IReadOnlyList<string> roles, NodeOwner owner);

        [LoggerMessage(Level = LogLevel.Information, Message = "Node {Address} was removed from the cluster (process {Owner})")]
        public static partial void NodeRemoved(ILogger log, string address, NodeOwner owner);

        [LoggerMessage(Level = LogLevel.Information, Message = "Node {Address} is draining")]
        public static partial void NodeDraining(ILogger log, string address);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Slice {Slice} handed back by {Owner}: {Fault}")]
        public static partial void SliceFailed(ILogger log, SliceId slice, NodeOwner owner, string fault);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Record {Record} not written by {Owner}: {Reason}")]
        public static partial void RecordFailed(ILogger log, RecordId record, NodeOwner owner, string reason);

        [LoggerMessage(Level = LogLevel.Warning, Message = "{What} was reported as done, and the store has no manifest of it: it counts when it has")]
        public static partial void NotInStore(ILogger log, string what);
    }
}
