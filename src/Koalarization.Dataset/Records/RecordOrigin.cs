namespace Koalarization.Dataset.Records;

/// <summary>Which survivors of a data set's round a record was made of.</summary>
/// <param name="Round">The round, from 1.</param>
/// <param name="FirstSlice">The slice that holds the first of them.</param>
/// <param name="LastSlice">The slice that holds the last of them.</param>
/// <param name="Offset">Survivors of <paramref name="FirstSlice"/> that belong to earlier records.</param>
/// <param name="Count">How many survivors, with those that were left out.</param>
public sealed record RecordOrigin(int Round, int FirstSlice, int LastSlice, int Offset, int Count);
