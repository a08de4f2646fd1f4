namespace Koalarization.Harvest.Outages;

/// <summary>What looks broken.</summary>
public enum NetworkFault
{
    /// <summary>Names cannot be looked up.</summary>
    Names,

    /// <summary>Nothing can be connected to.</summary>
    Connections,
}
