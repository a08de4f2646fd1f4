using Koalarization.Cluster.Coordination;
using Microsoft.Extensions.Logging;

namespace Koalarization.Cluster.Hosting;

internal sealed partial class NodeActor
{
    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Member {Address} is up, roles {Roles}")]
        public static partial void MemberUp(ILogger log, string address, IEnumerable<string> roles);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Member {Address} is unreachable")]
        public static partial void MemberUnreachable(ILogger log, string address);

        [LoggerMessage(Level = LogLevel.Information, Message = "Member {Address} is reachable again")]
        public static partial void MemberReachable(ILogger log, string address);

        [LoggerMessage(Level = LogLevel.Information, Message = "Member {Address} is gone: {Reason}")]
        public static partial void MemberRemoved(ILogger log, string address, string reason);

        [LoggerMessage(Level = LogLevel.Warning, Message = "No control node answers; this node waits, and keeps what it has done")]
        public static partial void NoCoordinator(ILogger log);

        [LoggerMessage(Level = LogLevel.Information, Message = "Networks ready: [{Networks}]")]
        public static partial void NetworksChanged(ILogger log, IReadOnlyList<EmbedKey> networks);

        [LoggerMessage(Level = LogLevel.Information, Message = "Leaving the cluster on request")]
        public static partial void LeaveRequested(ILogger log);

        [LoggerMessage(Level = LogLevel.Error, Message = "Leaving the cluster: {Reason}")]
        public static partial void DeviceLost(ILogger log, string reason);

        [LoggerMessage(Level = LogLevel.Warning, Message = "{Address} refuses this process, which it took for gone")]
        public static partial void Quarantined(ILogger log, string address);

        [LoggerMessage(Level = LogLevel.Error, Message = "There has been no control node in this node's cluster for a minute, or none lets it in: it ends and has to be restarted")]
        public static partial void Alone(ILogger log);

        [LoggerMessage(Level = LogLevel.Error, Message = "Removed from the cluster: every control node refuses this process; it ends and has to be restarted")]
        public static partial void Removed(ILogger log);

        [LoggerMessage(Level = LogLevel.Error, Message = "Leaving the cluster: /user/{Stage} has stopped, and nothing would do its work; start the node again")]
        public static partial void StageStopped(ILogger log, string stage);
    }
}
