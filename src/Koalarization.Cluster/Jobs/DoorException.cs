namespace Koalarization.Cluster;

/// <summary>Why the cluster did not do what a user asked for.</summary>
internal enum DoorTrouble
{
    /// <summary>What was asked for makes no sense.</summary>
    Unfit,

    /// <summary>There is no such job or node.</summary>
    Unknown,

    /// <summary>It makes sense, and cannot be done as things stand.</summary>
    Refused,

    /// <summary>Nobody could be asked: the same may be asked again in a while.</summary>
    Away,
}

/// <summary>The cluster did not do what a user asked for.</summary>
/// <param name="trouble">Why.</param>
/// <param name="sentence">Why, and what to do, in one sentence.</param>
internal sealed class DoorException(DoorTrouble trouble, string sentence) : Exception(sentence)
{
    public DoorTrouble Trouble { get; } = trouble;
}
