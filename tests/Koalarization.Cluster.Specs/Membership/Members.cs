using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using Akka.Util;

namespace Koalarization.Cluster.Specs.Membership;

/// <summary>Members of a cluster that is not there.</summary>
internal static class Members
{
    public static Member Up(string host, params string[] roles) => Of(host, MemberStatus.Up, roles);

    public static Member Removed(string host, params string[] roles) => Of(host, MemberStatus.Removed, roles);

    // Akka makes members by itself only.
    private static Member Of(string host, MemberStatus status, string[] roles)
    {
        var address = new UniqueAddress(new Address("akka.tcp", "koala", host, 8650), host.GetHashCode(StringComparison.Ordinal));
        return (Member)Activator.CreateInstance(
            typeof(Member),
            System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic,
            binder: null,
            [address, 1, status, roles.ToImmutableHashSet(), AppVersion.Zero],
            culture: null)!;
    }
}
