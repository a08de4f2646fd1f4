namespace Koalarization.Dataset.Storage;

/// <summary>A content that has no name yet. Disposed before it is published, it is gone. Owned by one thread at a time.</summary>
public interface IDraft : IDisposable
{
    /// <summary>Where the content is written; closed by publishing.</summary>
    Stream Content { get; }
}
