namespace Koalarization.Cluster;

/// <summary>Pictures that somebody asked for together.</summary>
/// <param name="asker">Who.</param>
/// <param name="ask">For what.</param>
internal sealed class AskedGroup<TAsker>(TAsker asker, EmbedForRecord ask)
    where TAsker : notnull
{
    public TAsker Asker => asker;

    public EmbedForRecord Ask => ask;

    public int Images => ask.Images.Count;

    /// <summary>Starts of the client that have had it before.</summary>
    public int Starts { get; init; }

    /// <summary>Embedders that were lost while they had it.</summary>
    public int Losses { get; set; }

    public bool IsAnswered { get; set; }
}
