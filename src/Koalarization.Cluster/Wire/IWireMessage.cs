namespace Koalarization.Cluster.Wire;

/// <summary>A message that may cross between nodes: it has a manifest, a schema, and a largest size. Anything else stays in its process.</summary>
public interface IWireMessage;
