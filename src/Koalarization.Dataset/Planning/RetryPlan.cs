using Koalarization.Dataset.Slices;
using Koalarization.Dataset.Storage;

namespace Koalarization.Dataset.Planning;

/// <summary>The links of a further round: those that no earlier round kept.</summary>
public static class RetryPlan
{
    /// <summary>The links of a resolved round that have no <c>kept</c> row, by name, as a stream. (A round has all links that no earlier one kept.)</summary>
    /// <param name="store">Where.</param>
    /// <param name="plan">The last round's plan.</param>
    public static IEnumerable<PlannedLink> FailedOf(IDataStore store, RoundPlan plan)
    {
        for (int slice = 0; slice < plan.Slices; slice++)
        {
            IReadOnlyList<PlannedLink> links = plan.ReadSlice(slice);
            IReadOnlyList<LinkRow> rows = SliceManifest.Read(store, DataLayout.Slice(plan.Round, slice)).Rows;
            for (int i = 0; i < links.Count; i++)
            {
                if (!rows[i].IsKept)
                {
                    yield return links[i];
                }
            }
        }
    }
}
