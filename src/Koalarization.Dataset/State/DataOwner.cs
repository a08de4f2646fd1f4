namespace Koalarization.Dataset.State;

/// <summary>Who has a data set in work, from an epoch on.</summary>
/// <param name="Epoch">Counted from 1; the highest holds.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Owner">The process: a name that no other has.</param>
/// <param name="Note">More of it, for a person.</param>
public sealed record DataOwner(long Epoch, DataOwnerKind Kind, string Owner, string Note);
