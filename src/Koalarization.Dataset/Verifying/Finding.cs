namespace Koalarization.Dataset.Verifying;

/// <summary>One thing that was found.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Name">With what: a name as in the folder, with the picture's index where it is a record.</param>
/// <param name="Detail">The particular, for a person.</param>
public sealed record Finding(FindingKind Kind, string Name, string Detail)
{
    /// <summary>Whether it is worth knowing, and nothing is wrong.</summary>
    public bool IsNote => Kind >= FindingKind.Orphan;
}
