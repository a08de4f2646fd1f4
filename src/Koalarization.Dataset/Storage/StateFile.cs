using System.Text.Json;
using Koalarization.Dataset.Records;

namespace Koalarization.Dataset.Storage;

/// <summary>Small JSON files of the program's state: published once, durable, read whole.</summary>
internal static class StateFile
{
    /// <summary>The content under a name, or null.</summary>
    /// <exception cref="InvalidDataException">It is not what this program wrote.</exception>
    public static T? Find<T>(IDataStore store, string name)
        where T : class
    {
        if (store.SizeOf(name) is null)
        {
            return null;
        }

        using Stream content = store.Open(name);
        try
        {
            return JsonSerializer.Deserialize<T>(content, DatasetJson.Options) ?? throw new InvalidDataException($"{name} is not a file that this version of koala wrote: it is empty.");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{name} is not a file that this version of koala wrote: it cannot be read at {FileFaults.PlaceOf(exception)}.", exception);
        }
    }

    /// <summary>Publishes a value, unless something has the name, and returns the published value.</summary>
    public static T Fix<T>(IDataStore store, string name, T value)
        where T : class
    {
        Publish(store, name, JsonSerializer.SerializeToUtf8Bytes(value, DatasetJson.Options));
        return Find<T>(store, name)!;
    }

    /// <summary>Writes a value in place of what has the name: for what the rest of the state gives.</summary>
    public static void Replace<T>(IDataStore store, string name, T value)
        where T : class
    {
        using IDraft draft = store.NewDraft(JsonSerializer.SerializeToUtf8Bytes(value, DatasetJson.Options));
        Replace(store, name, draft);
    }

    /// <summary>Makes a draft durable in place of what has the name.</summary>
    public static void Replace(IDataStore store, string name, IDraft draft)
    {
        store.Flush([draft]);
        store.Replace(draft, name);
        store.FlushNames(Path.GetDirectoryName(name)!);
    }

    /// <summary>Publishes bytes durably.</summary>
    /// <returns>Whether the name was free.</returns>
    public static bool Publish(IDataStore store, string name, ReadOnlySpan<byte> content)
    {
        using IDraft draft = store.NewDraft();
        draft.Content.Write(content);
        store.Flush([draft]);
        bool published = store.Publish(draft, name);
        store.FlushNames(Path.GetDirectoryName(name)!);
        return published;
    }
}
