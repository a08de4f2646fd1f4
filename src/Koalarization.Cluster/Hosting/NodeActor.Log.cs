using Akka.Actor;
using Akka.Cluster;
using Koalarization.Cluster.Coordination;
using Microsoft.Extensions.Logging;

namespace Koalarization.Cluster.Hosting;

internal sealed partial class NodeActor
{
    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Member {Address} is up, roles {Roles}")]
        public static partial void MemberUp(ILogger log, Address address, IEnumerable<string> roles);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Member {Address} is unreachable")]
        public static partial void MemberUnreachable(ILogger log, Address address);

        [LoggerMessage(Level = LogLevel.Information, Message = "Member {Address} is reachable again")]
        public static partial void MemberReachable(ILogger log, Address address);

        [LoggerMessage(Level = LogLevel.Information, Message = "Member {Address} removed; it was {Status}")]
        public static partial void MemberRemoved(ILogger log, Address address, MemberStatus status);

        [LoggerMessage(Level = LogLevel.Warning, Message = "No control node answers; still trying")]
        public static partial void NoCoordinator(ILogger log);

        [LoggerMessage(Level = LogLevel.Information, Message = "Networks ready: [{Networks}]")]
        public static partial void NetworksChanged(ILogger log, IReadOnlyList<EmbedKey> networks);

        [LoggerMessage(Level = LogLevel.Information, Message = "Leaving the cluster on request")]
        public static partial void LeaveRequested(ILogger log);

        [LoggerMessage(Level = LogLevel.Error, Message = "Leaving the cluster: {Reason}")]
        public static partial void DeviceLost(ILogger log, string reason);

        [LoggerMessage(Level = LogLevel.Warning, Message = "{Address} refuses this process")]
        public static partial void Quarantined(ILogger log, Address address);

        [LoggerMessage(Level = LogLevel.Error, Message = "Removed from the cluster: every control node refuses this process; it ends and has to be restarted")]
        public static partial void Removed(ILogger log);

        [LoggerMessage(Level = LogLevel.Error, Message = "Leaving the cluster: /user/{Stage} has stopped, and nothing would do its work; start the node again")]
        public static partial void StageStopped(ILogger log, string stage);
    }
}
