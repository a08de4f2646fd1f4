namespace Koalarization.Cluster.Writing;

/// <summary>Something that a record is made of cannot be read here and now.</summary>
internal sealed class RecordUnreadableException(string sentence, Exception? cause = null) : Exception(sentence, cause);

/// <summary>A record must not be written on this node: it would come out otherwise than the rest of its data set.</summary>
internal sealed class CodecMismatchException(string sentence) : Exception(sentence);
