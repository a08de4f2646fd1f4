namespace Koalarization.Cluster;

/// <summary>Divides a host's places among those who want some. Pure.</summary>
internal static class PlaceShares
{
    /// <summary>
    /// Who wants little gets it, and the others the same number each, the earlier ones one more where it does not come out even. Fewer places than
    /// takers: one each for the earliest.
    /// </summary>
    /// <param name="wants">What each wants, in the order of precedence.</param>
    /// <param name="places">What there is.</param>
    public static int[] Of(IReadOnlyList<int> wants, int places)
    {
        int[] shares = new int[wants.Count];
        int left = places;
        for (int takers = wants.Count(want => want > 0); takers > 0 && left > 0;)
        {
            int each = Math.Max(1, left / takers);
            takers = 0;
            for (int i = 0; i < shares.Length && left > 0; i++)
            {
                int more = Math.Min(Math.Min(wants[i] - shares[i], each), left);
                if (more > 0)
                {
                    shares[i] += more;
                    left -= more;
                    takers += shares[i] < wants[i] ? 1 : 0;
                }
            }
        }

        return shares;
    }
}
