using Koalarization.Cluster.Membership;
using Koalarization.Cluster.Tls;

namespace Koalarization.Cluster.Hosting;

/// <summary>Where a node is in the cluster, and how it finds the others.</summary>
internal sealed record NodeEndpointOptions
{
    /// <summary>The port of remoting that a node has unless configured otherwise.</summary>
    public const int DefaultPort = 8650;

    /// <summary>The actor system's name unless the store gives another one.</summary>
    public const string DefaultSystemName = "koala";

    /// <summary>The actor system's name; nodes of one cluster have the same, and others get no answer from them.</summary>
    public string SystemName { get; init; } = DefaultSystemName;

    /// <summary>Its certificate, for mutual TLS between the nodes; null: they speak in the clear.</summary>
    public NodeCertificate? Certificate { get; init; }

    /// <summary>What it does.</summary>
    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary>What its JPEG library makes of a known set of pictures; needed for role write, whose regions go by it.</summary>
    public string? CodecFingerprint { get; init; }

    /// <summary>The address that it listens on.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>Its port; 0: any that is free.</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>The name under which others reach it; null: as <see cref="Host"/>.</summary>
    public string? PublicHost { get; init; }

    /// <summary>
    /// Nodes that know the cluster, <c>host:port</c>; the first one may found it. None: this node may.
    /// </summary>
    public IReadOnlyList<string> Seeds { get; init; } = [];

    /// <summary>Who was in the cluster at a control node's last check; null: not recorded.</summary>
    public SeedNodeFile? Members { get; init; }

    /// <summary>Where control nodes write that they live; null: they do not.</summary>
    public ControlBeatFiles? Beats { get; init; }
}
