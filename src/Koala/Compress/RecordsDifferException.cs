namespace Koalarization.Koala.Compress;

/// <summary>A copy's name is taken by something that is no copy of the file.</summary>
internal sealed class RecordsDifferException(string message) : Exception(message);
