using System.Globalization;
using System.Text;
using Koalarization.Dataset.Slices;

namespace Koalarization.Dataset.Projections;

/// <summary>
/// <c>index.csv</c>: what a picture's name refers to (MD5 is one-way, and people need labels, attribution and take-downs), its outcome, and
/// where it is. RFC 4180, UTF-8, line feeds.
/// </summary>
public sealed class IndexCsv : IDisposable
{
    /// <summary>The first line.</summary>
    public const string Header =
        "name,url,words,round,outcome,detail,original_bytes,width,height,original_sha256,resized_bytes,resized_sha256,chroma,record,place";

    /// <summary>What the first line has behind it where the data set's rows have it.</summary>
    public const string MetadataHeader = ",profile,orientation";

    private readonly StreamWriter _writer;
    private readonly StringBuilder _line = new();
    private readonly bool _hasMetadata;

    /// <param name="content">Gets the file; stays the caller's.</param>
    /// <param name="hasMetadata">Whether there are columns for profiles and orientations: not for data sets of the first rule.</param>
    public IndexCsv(Stream content, bool hasMetadata)
    {
        _hasMetadata = hasMetadata;
        _writer = new StreamWriter(content, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 16, leaveOpen: true) { NewLine = "\n" };
        _writer.WriteLine(hasMetadata ? Header + MetadataHeader : Header);
    }

    /// <summary>Writes a link's line.</summary>
    public void Add(SetRow row)
    {
        _line.Clear();
        LinkRow? done = row.Row;
        Field(row.Link.Name);
        Field(row.Link.Url);
        Field(row.Link.Words);
        Field(Number(row.Round));
        Field(done?.Outcome);
        Field(done?.Detail);
        Field(Number(done?.Original?.Bytes));
        Field(Number(done?.Original?.Width));
        Field(Number(done?.Original?.Height));
        Field(done?.Original?.Sha256);
        Field(Number(done?.Resized?.Bytes));
        Field(done?.Resized?.Sha256);
        Field(row.Chroma?.ToString("R", CultureInfo.InvariantCulture));
        Field(Number(row.Record));
        Field(Number(row.Index));
        if (_hasMetadata)
        {
            Field(done?.Original?.Profile);
            Field(Number(done?.Original?.Orientation));
        }

        // The comma behind the last field.
        _line.Length--;
        _writer.WriteLine(_line);
    }

    /// <summary>Writes what is left.</summary>
    public void Dispose() => _writer.Dispose();

    private static string? Number(long? number) => number?.ToString(CultureInfo.InvariantCulture);

    private void Field(string? text)
    {
        if (text is not null && text.AsSpan().IndexOfAny(",\"\r\n") >= 0)
        {
            _line.Append('"').Append(text.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
        }
        else
        {
            _line.Append(text);
        }

        _line.Append(',');
    }
}
