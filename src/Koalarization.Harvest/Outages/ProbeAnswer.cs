namespace Koalarization.Harvest;

/// <summary>The result of a probe, from worst to best.</summary>
public enum ProbeAnswer
{
    /// <summary>No answer, or none that can be relied on.</summary>
    Silent,

    /// <summary>A denial from a machine that is there: no such name, or connection refused.</summary>
    Denied,

    /// <summary>The host accepted a connection.</summary>
    Connected,
}
