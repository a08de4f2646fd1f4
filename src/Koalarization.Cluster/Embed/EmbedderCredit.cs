namespace Koalarization.Cluster;

/// <summary>What a client knows of one embedder.</summary>
/// <param name="Word">Its last word.</param>
/// <param name="HeardAt">When that was heard.</param>
/// <param name="InUse">Pictures that it was sent and has not answered.</param>
/// <param name="SentSince">Those of them that it did not know of, or not for sure, at its last word.</param>
/// <param name="IsResting">It turned a request down: it gets no other before it says something unasked.</param>
/// <param name="IsLeaving">It serves what it has, and nothing new.</param>
internal sealed record EmbedderCredit(EmbedProtocol.Credit Word, TimeSpan HeardAt, int InUse, int SentSince, bool IsResting, bool IsLeaving)
{
    /// <summary>Pictures that it would be sent before another embedder is asked.</summary>
    public int Free => Math.Max(0, Word.Slots - InUse);

    /// <summary>Pictures that it has, or will have, before whatever is sent now.</summary>
    public int Ahead => Word.Queued + SentSince;

    public bool Takes(EmbedKey key, int images, TimeSpan now) =>
        !IsResting && !IsLeaving && Word.Key == key && Free >= images && now - HeardAt <= EmbedProtocol.Credit.Patience;
}
