namespace Koalarization.Cluster;

/// <summary>Something that a record is made of cannot be read here and now.</summary>
internal sealed class RecordUnreadableException(string sentence, Exception? cause = null) : Exception(sentence, cause);
