using System.Security.Cryptography;
using System.Text.Json;
using Koalarization.Dataset.Records;
using Koalarization.Dataset.Storage;

namespace Koalarization.Dataset.Slices;

/// <summary>The outcomes of a slice's links, in the plan's order. Published, it is the commit of these links. One JSON object a line, the summary first.</summary>
public sealed class SliceManifest
{
    private SliceManifest(SliceSummary summary, IReadOnlyList<LinkRow> rows)
    {
        Summary = summary;
        Rows = rows;
    }

    /// <summary>The first line.</summary>
    public SliceSummary Summary { get; }

    /// <summary>One row for each link of the slice, by name.</summary>
    public IReadOnlyList<LinkRow> Rows { get; }

    /// <summary>
    /// Commits a slice. What the rows name is durable under its final names before. Where a manifest is published already, it applies.
    /// </summary>
    /// <param name="store">Where.</param>
    /// <param name="name"><see cref="DataLayout.Slice"/>, or <see cref="DataLayout.Fetched"/> for fetching alone.</param>
    /// <param name="round">The round.</param>
    /// <param name="slice">The slice.</param>
    /// <param name="rows">One row for each link, by name.</param>
    /// <returns>The summary that is published.</returns>
    public static SliceSummary Publish(IDataStore store, string name, int round, int slice, IReadOnlyList<LinkRow> rows)
    {
        using var body = new MemoryStream();
        foreach (LinkRow row in rows)
        {
            JsonSerializer.Serialize(body, row, DatasetJson.Lines);
            body.WriteByte((byte)'\n');
        }

        var outcomes = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (LinkRow row in rows)
        {
            outcomes[row.Outcome] = outcomes.GetValueOrDefault(row.Outcome) + 1;
        }

        ReadOnlySpan<byte> bytes = body.GetBuffer().AsSpan(0, (int)body.Length);
        var summary = new SliceSummary(
            round, slice, rows.Count, rows.Count(row => row.IsKept), outcomes, Convert.ToHexStringLower(SHA256.HashData(bytes)));
        byte[] content = [.. JsonSerializer.SerializeToUtf8Bytes(summary, DatasetJson.Lines), (byte)'\n', .. bytes];
        return StateFile.Publish(store, name, content) ? summary : ReadSummary(store, name);
    }

    /// <summary>The first line of a slice's manifest; null: it has none.</summary>
    /// <param name="store">Where.</param>
    /// <param name="round">The round.</param>
    /// <param name="slice">The slice.</param>
    /// <param name="orFetched">Whether that of fetching alone counts.</param>
    /// <exception cref="InvalidDataException">It is not what this program wrote.</exception>
    public static SliceSummary? FindSummary(IDataStore store, int round, int slice, bool orFetched)
    {
        string[] names = orFetched ? [DataLayout.Slice(round, slice), DataLayout.Fetched(round, slice)] : [DataLayout.Slice(round, slice)];
        return Array.Find(names, name => store.SizeOf(name) is not null) is string published ? ReadSummary(store, published) : null;
    }

    /// <summary>The first line of a manifest.</summary>
    /// <exception cref="InvalidDataException">It is not what this program wrote.</exception>
    public static SliceSummary ReadSummary(IDataStore store, string name)
    {
        using Stream content = store.Open(name);
        using var reader = new StreamReader(content, bufferSize: 1024);
        return Parse<SliceSummary>(reader.ReadLine(), name);
    }

    /// <summary>The whole manifest.</summary>
    /// <exception cref="InvalidDataException">It is not what this program wrote, or not whole.</exception>
    public static SliceManifest Read(IDataStore store, string name)
    {
        using var content = new MemoryStream();
        using (Stream file = store.Open(name))
        {
            file.CopyTo(content);
        }

        ReadOnlySpan<byte> bytes = content.GetBuffer().AsSpan(0, (int)content.Length);
        int end = bytes.IndexOf((byte)'\n');
        SliceSummary summary = Parse<SliceSummary>(System.Text.Encoding.UTF8.GetString(bytes[..Math.Max(end, 0)]), name);
        ReadOnlySpan<byte> body = bytes[(end + 1)..];
        if (Convert.ToHexStringLower(SHA256.HashData(body)) != summary.RowsSha256)
        {
            throw Foreign(name, cause: null);
        }

        var rows = new List<LinkRow>(summary.Links);
        foreach (Range line in body.Split((byte)'\n'))
        {
            if (!body[line].IsEmpty)
            {
                rows.Add(Parse(body[line], name));
            }
        }

        return new SliceManifest(summary, rows);
    }

    private static T Parse<T>(string? line, string name)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(line ?? "", DatasetJson.Lines)!;
        }
        catch (JsonException exception)
        {
            throw Foreign(name, exception);
        }
    }

    private static LinkRow Parse(ReadOnlySpan<byte> line, string name)
    {
        try
        {
            return JsonSerializer.Deserialize<LinkRow>(line, DatasetJson.Lines)!;
        }
        catch (JsonException exception)
        {
            throw Foreign(name, exception);
        }
    }

    private static InvalidDataException Foreign(string name, Exception? cause) =>
        new($"{name} was changed after koala wrote it, or is damaged; restore it from a copy of the data set.", cause);
}
