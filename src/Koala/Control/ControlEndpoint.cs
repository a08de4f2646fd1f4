using System.Net;
using Koalarization.Cluster.Tls;

namespace Koalarization.Koala.Control;

/// <summary>Where a control node answers its users, and whom.</summary>
/// <param name="Address">The address that it listens on.</param>
/// <param name="Port">The port; 0: any free port.</param>
internal sealed record ControlEndpoint(IPAddress Address, int Port)
{
    /// <summary>The tokens that it asks for; null: none, on loopback only.</summary>
    public ControlTokens? Tokens { get; init; }

    /// <summary>Its certificate; null: plain HTTP.</summary>
    public NodeCertificate? Certificate { get; init; }

    /// <summary>Whether only this machine can reach it.</summary>
    public bool IsLocal => IPAddress.IsLoopback(Address);
}
