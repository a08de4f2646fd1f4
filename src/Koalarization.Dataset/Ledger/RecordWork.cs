namespace Koalarization.Dataset.Ledger;

/// <summary>Which survivors are in a record.</summary>
/// <param name="Record">The record's number in the data set.</param>
/// <param name="Round">The round whose survivors they are.</param>
/// <param name="FirstSlice">The slice that holds the first of them.</param>
/// <param name="LastSlice">The slice that holds the last of them.</param>
/// <param name="Offset">Survivors of <paramref name="FirstSlice"/> that belong to earlier records.</param>
/// <param name="Count">Pictures of the record.</param>
public sealed record RecordWork(int Record, int Round, int FirstSlice, int LastSlice, int Offset, int Count);
