namespace Koalarization.Dataset.Storage;

/// <summary>Drafts of contents that are at hand.</summary>
public static class DraftExtensions
{
    /// <summary>A finished draft. Many may wait for their group to be durable: none of them keeps a file open.</summary>
    /// <param name="store">Whose.</param>
    /// <param name="content">All of it.</param>
    /// <exception cref="IOException">There is no room; nothing is left of the draft then.</exception>
    public static IDraft NewDraft(this IDataStore store, ReadOnlySpan<byte> content)
    {
        IDraft draft = store.NewDraft();
        try
        {
            draft.Content.Write(content);
            draft.Content.Dispose();
            return draft;
        }
        catch
        {
            draft.Dispose();
            throw;
        }
    }
}
