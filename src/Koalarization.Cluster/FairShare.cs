namespace Koalarization.Cluster;

/// <summary>Max-min fair division of a number of equal things. Pure.</summary>
internal static class FairShare
{
    /// <summary>
    /// A small demand is met in full; the others get the same number each, the earlier ones one more where it does not come out even. With fewer
    /// things than demands the earliest get one each.
    /// </summary>
    /// <param name="demands">How many each could use, in the order of precedence.</param>
    /// <param name="available">How many there are.</param>
    /// <returns>How many each gets; in all no more than <paramref name="available"/>.</returns>
    public static int[] Of(IReadOnlyList<int> demands, int available)
    {
        int[] shares = new int[demands.Count];
        int left = available;
        for (int open = demands.Count(demand => demand > 0); open > 0 && left > 0;)
        {
            int each = Math.Max(1, left / open);
            open = 0;
            for (int i = 0; i < shares.Length && left > 0; i++)
            {
                int more = Math.Min(Math.Min(demands[i] - shares[i], each), left);
                if (more > 0)
                {
                    shares[i] += more;
                    left -= more;
                    open += shares[i] < demands[i] ? 1 : 0;
                }
            }
        }

        return shares;
    }
}
