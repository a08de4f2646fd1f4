using Akka.Actor;

namespace Koalarization.Cluster.Hosting;

/// <summary>What a node's process ends with, for the supervisor that restarts it.</summary>
internal static class NodeExit
{
    /// <summary>It was asked to leave, and has left in order.</summary>
    public const int Left = 0;

    /// <summary>It could not start: its port is taken, the store is missing or unfit. It says why in one sentence.</summary>
    public const int CannotStart = 3;

    /// <summary>The cluster has removed it, or it is on the smaller side of a partition: start it again.</summary>
    public const int Removed = 4;

    /// <summary>Its device cannot be used: start it again, elsewhere perhaps.</summary>
    public const int DeviceFailed = 5;

    /// <summary>The code of a reason.</summary>
    public static int Of(CoordinatedShutdown.Reason? reason) => reason switch
    {
        CoordinatedShutdown.ClusterDowningReason or CoordinatedShutdown.ClusterJoinUnsuccessfulReason or StageStoppedReason => Removed,
        DeviceFailedReason => DeviceFailed,
        _ => Left,
    };

    /// <summary>A node leaves because its device cannot be used.</summary>
    public sealed class DeviceFailedReason : CoordinatedShutdown.Reason
    {
        public static readonly DeviceFailedReason Instance = new();

        public override int ExitCode => DeviceFailed;
    }

    /// <summary>A part of the node has stopped: start it again.</summary>
    public sealed class StageStoppedReason : CoordinatedShutdown.Reason
    {
        public static readonly StageStoppedReason Instance = new();

        public override int ExitCode => Removed;
    }

    /// <summary>A node leaves on request.</summary>
    public sealed class LeaveReason : CoordinatedShutdown.Reason
    {
        public static readonly LeaveReason Instance = new();

        public override int ExitCode => Left;
    }
}
