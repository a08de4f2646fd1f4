namespace Koalarization.Cluster;

/// <summary>How many pictures an embedder lets its clients send, in all and each.</summary>
internal static class CreditDivision
{
    /// <summary>An answer's way to the client, the next request's way back, and the decoding of its pictures.</summary>
    private static readonly TimeSpan RoundTrip = TimeSpan.FromMilliseconds(250);

    // Decoded pictures wait in memory: this many take 180 MB.
    private const int MostOnTheWay = 2048;

    /// <summary>
    /// Pictures that keep the devices busy: two batches for each, what they get through while an answer and the next request are on the way, and one request because
    /// requests and batches are not cut at the same places.
    /// </summary>
    /// <param name="batchImages">Pictures of a full batch, summed over the devices.</param>
    /// <param name="imagesPerSecond">Their rate, together; 0: not known yet.</param>
    public static int Slots(int batchImages, double imagesPerSecond) =>
        batchImages == 0 ? 0
        : WholeRequests((BatchPolicy.MostOnDevice * batchImages) + (int)Math.Ceiling(Math.Min(imagesPerSecond * RoundTrip.TotalSeconds, MostOnTheWay))) + EmbedProtocol.MostImages;

    /// <summary>
    /// Divides slots among clients: nobody gets more than it can use, what some leave goes to the others in equal parts, and these are whole requests. A client that
    /// wants something can always send one request, also when that is more than there is: so nobody starves, and no slots lie about in pieces too small for a request.
    /// </summary>
    /// <param name="slots">What there is.</param>
    /// <param name="demands">What each client could use.</param>
    public static int[] Divide(int slots, IReadOnlyList<int> demands)
    {
        var grants = new int[demands.Count];
        if (slots == 0)
        {
            return grants;
        }

        int left = slots;
        int open = demands.Count(demand => demand > 0);
        foreach (int client in Enumerable.Range(0, demands.Count).Where(client => demands[client] > 0).OrderBy(client => demands[client]))
        {
            int share = Math.Max(EmbedProtocol.MostImages, WholeRequests((Math.Max(left, 0) + open - 1) / open));
            grants[client] = Math.Min(demands[client], share);
            left -= grants[client];
            open--;
        }

        return grants;
    }

    private static int WholeRequests(int images) => (images + EmbedProtocol.MostImages - 1) / EmbedProtocol.MostImages * EmbedProtocol.MostImages;
}
