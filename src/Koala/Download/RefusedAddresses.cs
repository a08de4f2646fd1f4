using Koalarization.Dataset.Wording;
using Koalarization.Harvest.Fetching;

namespace Koalarization.Koala.Download;

/// <summary>What to do about links that lead into private networks.</summary>
internal static class RefusedAddresses
{
    /// <param name="outcomes">Links by outcome.</param>
    /// <param name="again">How these links are tried again.</param>
    /// <returns>One sentence; null: there are no such links.</returns>
    public static string? HintFor(IReadOnlyDictionary<string, long> outcomes, string again) =>
        outcomes.GetValueOrDefault(FetchOutcomeKind.AddressRefused.WireName()) is long links and > 0
            ? $"{Amount.Of(links, "link leads", "links lead")} to addresses that are not of the open web (this machine, private networks); if they are yours, {again} --allow-private."
            : null;
}
