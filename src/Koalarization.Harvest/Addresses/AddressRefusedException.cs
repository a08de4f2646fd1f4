using System.Net;

namespace Koalarization.Harvest.Addresses;

/// <summary>Every address of a host is refused. Travels through the HTTP stack, never out of this library.</summary>
internal sealed class AddressRefusedException(IPAddress address, string range)
    : Exception($"{address} is refused: {range}")
{
    /// <summary>The first refused address and its range, for an outcome's detail.</summary>
    public string Detail { get; } = $"{range} {address}";
}
