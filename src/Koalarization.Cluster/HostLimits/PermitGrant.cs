using Koalarization.Cluster.Fetching;
using Koalarization.Cluster.Wire;

namespace Koalarization.Cluster.HostLimits;

/// <summary>A message for a node.</summary>
/// <param name="To">The node.</param>
/// <param name="Message">What it may use.</param>
internal sealed record PermitGrant(NodeOwner To, FetchProtocol.HostPermitsGranted Message);
