using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Koalarization.Dataset;
using Koalarization.Imaging;
using Koalarization.Records;

namespace Koalarization.Cluster;

/// <summary>One picture of a record and its logits; no logits: the embedder could not decode it.</summary>
internal sealed record EmbeddedPicture(LinkRow Row, ReadOnlyMemory<byte>? Logits);

/// <summary>A picture's Example, or why there is none.</summary>
internal sealed record ComposedPicture(LabExampleBuffer? Example, PictureColours? Colours, LeftOutPicture? LeftOut);

/// <summary>Makes Examples of the pictures of one record. Thread-safe.</summary>
internal sealed class PictureComposing(OpenRecord record, IJpegCodec codec)
{
    private readonly RecordComposer _composer = record.NewComposer();
    private readonly ConcurrentBag<LabExampleBuffer> _buffers = [];

    /// <summary>Reads, decodes and composes a picture. Blocks.</summary>
    /// <exception cref="RecordUnreadableException">Its file is not as its manifest says.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public ComposedPicture Compose(EmbeddedPicture picture)
    {
        using FileBytes jpeg = Read(picture.Row);
        if (!PreparedPicture.TryPrepare(codec, jpeg.Span, out PreparedPicture? prepared, out string? reason, out string? detail))
        {
            return new ComposedPicture(Example: null, Colours: null, new LeftOutPicture(picture.Row.Name, reason, detail));
        }

        using (prepared)
        {
            if (picture.Logits is not ReadOnlyMemory<byte> logits)
            {
                throw new RecordUnreadableException($"{picture.Row.Name} decodes on this node, and did not on the one that should compute its logits.");
            }

            LabExampleBuffer example = _buffers.TryTake(out LabExampleBuffer? free) ? free : _composer.NewBuffer(EmbedProtocol.Logits);
            PictureColours colours = _composer.Compose(
                record.Job.ImageNamePrefix + picture.Row.Name, prepared, MemoryMarshal.Cast<byte, float>(logits.Span), example);
            return new ComposedPicture(example, colours, LeftOut: null);
        }
    }

    /// <summary>An Example's buffer can be filled again.</summary>
    public void Return(LabExampleBuffer example) => _buffers.Add(example);

    private FileBytes Read(LinkRow row)
    {
        FileBytes bytes = FileBytes.Read(record.PathOf(row));
        if (!bytes.Have(row.Resized!.Sha256))
        {
            bytes.Dispose();
            throw new RecordUnreadableException($"{record.PathOf(row)} is not as it was written.");
        }

        return bytes;
    }
}
