namespace Koalarization.Cluster.Embedding;

/// <summary>Pictures that need logits, until they are answered.</summary>
/// <param name="owner">Who gets the answer.</param>
/// <param name="ask">The pictures.</param>
internal sealed class PendingRequest<TOwner>(TOwner owner, EmbedForRecord ask)
    where TOwner : notnull
{
    public TOwner Owner => owner;

    public EmbedForRecord Ask => ask;

    public int Images => ask.Images.Count;

    /// <summary>Restarts of the client since it was made.</summary>
    public int Restarts { get; init; }

    /// <summary>Embedders that were lost while they had it.</summary>
    public int Losses { get; set; }

    public bool IsAnswered { get; set; }
}
