namespace Koalarization.Dataset.Records;

/// <summary>The output folder holds records or a plan that do not belong to what is asked for; the message says which and what to do.</summary>
public sealed class RecordConflictException(string message) : IOException(message)
{
    internal static RecordConflictException Foreign(string name) =>
        new($"{name} was not written by this job; move it away, or use another folder.");
}
