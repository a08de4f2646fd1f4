using System.Text.Json;
using System.Text.Json.Nodes;
using Koalarization.Dataset.Projections;
using Koalarization.Dataset.Storage;

namespace Koalarization.Dataset.Verifying;

/// <summary>Compares the views with what the manifests give now.</summary>
internal sealed class ViewCheck(Inspection inspection)
{
    /// <summary>Looks at both views.</summary>
    public void Run()
    {
        IDataStore store = inspection.Store;
        bool hasIndex = HasView(DataLayout.Index), hasSummary = HasView(DataLayout.Summary);
        if (inspection.IsQuick || !(hasIndex || hasSummary))
        {
            return;
        }

        using Stream index = hasIndex ? store.Open(DataLayout.Index) : Stream.Null;
        using var compared = new ComparingStream(index);
        using var summary = new MemoryStream();
        try
        {
            SetViews.Write(store, compared, summary);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or ArgumentOutOfRangeException)
        {
            // What is wrong with the manifests was said where they were checked.
            return;
        }

        if (hasIndex && !compared.IsTheSame())
        {
            AddStale(DataLayout.Index);
        }

        if (hasSummary && !Matches(summary.ToArray()))
        {
            AddStale(DataLayout.Summary);
        }
    }

    private bool HasView(string name)
    {
        if (inspection.Store.SizeOf(name) is not null)
        {
            return true;
        }

        inspection.Add(FindingKind.Missing, name, "is missing; run the same koala run again to rebuild it");
        return false;
    }

    private void AddStale(string name) => inspection.Add(FindingKind.StaleView, name, "differs from the manifests; run the same koala run again to rebuild it");

    private bool Matches(byte[] expected)
    {
        try
        {
            using Stream standing = inspection.Store.Open(DataLayout.Summary);
            return JsonNode.DeepEquals(WithoutVersion(JsonNode.Parse(standing)), WithoutVersion(JsonNode.Parse(expected)));
        }
        catch (JsonException)
        {
            return false;
        }
    }

    // Another version of the program may have closed the set.
    private static JsonNode? WithoutVersion(JsonNode? summary)
    {
        (summary as JsonObject)?.Remove("version");
        return summary;
    }

    /// <summary>Compares what is written to it with a file, and keeps nothing.</summary>
    private sealed class ComparingStream(Stream file) : Stream
    {
        private readonly byte[] _buffer = new byte[1 << 16];

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        private bool HasDiffered { get; set; }

        /// <summary>Whether what was written is the file, and all of it.</summary>
        public bool IsTheSame() => !HasDiffered && file.ReadByte() < 0;

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            while (!HasDiffered && !buffer.IsEmpty)
            {
                int count = Math.Min(buffer.Length, _buffer.Length);
                int read = file.ReadAtLeast(_buffer.AsSpan(0, count), count, throwOnEndOfStream: false);
                HasDiffered = !_buffer.AsSpan(0, read).SequenceEqual(buffer[..count]);
                buffer = buffer[count..];
            }
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
