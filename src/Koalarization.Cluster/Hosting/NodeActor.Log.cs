using Akka.Actor;
using Akka.Cluster;
using Koalarization.Cluster.Coordination;
using Microsoft.Extensions.Logging;

namespace Koalarization.Cluster.Hosting;

internal sealed partial class NodeActor
{
    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Member {Address} is up as {Roles}")]
        public static partial void MemberUp(ILogger log, Address address, IEnumerable<string> roles);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Member {Address} cannot be reached")]
        public static partial void MemberUnreachable(ILogger log, Address address);

        [LoggerMessage(Level = LogLevel.Information, Message = "Member {Address} can be reached again")]
        public static partial void MemberReachable(ILogger log, Address address);

        [LoggerMessage(Level = LogLevel.Information, Message = "Member {Address} is gone; it was {Status}")]
        public static partial void MemberRemoved(ILogger log, Address address, MemberStatus status);

        [LoggerMessage(Level = LogLevel.Warning, Message = "No control node answers; this node goes on asking")]
        public static partial void NoCoordinator(ILogger log);

        [LoggerMessage(Level = LogLevel.Information, Message = "Networks that are ready: [{Networks}]")]
        public static partial void NetworksChanged(ILogger log, IReadOnlyList<EmbedKey> networks);

        [LoggerMessage(Level = LogLevel.Information, Message = "This node was told to leave")]
        public static partial void LeaveRequested(ILogger log);

        [LoggerMessage(Level = LogLevel.Error, Message = "This node leaves: {Reason}")]
        public static partial void DeviceLost(ILogger log, string reason);

        [LoggerMessage(Level = LogLevel.Error, Message = "{Address} has removed this node from the cluster; it ends, and is to be started again")]
        public static partial void Quarantined(ILogger log, Address address);
    }
}
