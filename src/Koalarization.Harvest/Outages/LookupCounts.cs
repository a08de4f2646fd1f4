using System.Runtime.InteropServices;

namespace Koalarization.Harvest.Outages;

/// <summary>Look-ups of names so far, those not counted whose answer was remembered. They are numbered in the order in which they began.</summary>
/// <param name="Begun">How many began.</param>
/// <param name="NewestGood">The latest one that found an address; 0: none did.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LookupCounts(long Begun, long NewestGood);
