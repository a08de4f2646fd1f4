namespace Koalarization.Koala.Compress;

/// <summary>The path of a copy exists and is not a copy of the file.</summary>
internal sealed class RecordsDifferException(string message) : Exception(message);
