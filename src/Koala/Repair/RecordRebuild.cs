using System.Runtime.InteropServices;
using Koalarization.Dataset.Composition;
using Koalarization.Dataset.Records;
using Koalarization.Dataset.Repairing;
using Koalarization.Imaging.Jpeg;
using Koalarization.Inception;
using Koalarization.Koala.LabBatch;
using Koalarization.Pipeline.Records;
using Koalarization.Records.Framing;

namespace Koalarization.Koala.Repair;

/// <summary>
/// Writes a record again: Examples that are whole are taken over; of the others the colours come from the resized pictures, and the logits from where they were
/// written, or from the network.
/// </summary>
/// <param name="target">The data set or folder.</param>
/// <param name="codec">The JPEG library.</param>
/// <param name="network">Loads the network that the records were made with.</param>
/// <param name="log">Is told of folders that were in the way, and knows what was restored before.</param>
internal sealed class RecordRebuild(RepairTarget target, IJpegCodec codec, SetNetwork network, RepairLog log)
{
    /// <summary>Writes one record under a name, if that gives the hash of its manifest.</summary>
    /// <returns>What it was written from, or null and why it cannot be.</returns>
    public async Task<(string? From, string Reason)> TryAsync(RecordManifest manifest, string final, ContentSearch search, CancellationToken cancellation)
    {
        try
        {
            return RecordPictures.Of(target, manifest) is RecordPictures pictures
                ? await TryAsync(manifest, pictures, final, search, cancellation)
                : (null, "no packed copy of it is there, and what it was made with is lost");
        }
        catch (PictureMissingException missing)
        {
            return (null, missing.Message);
        }
        catch (InvalidDataException damaged)
        {
            return (null, $"no packed copy of it is there, and what it was made from cannot be read: {damaged.Message}");
        }
    }

    private async Task<(string? From, string Reason)> TryAsync(
        RecordManifest manifest, RecordPictures pictures, string final, ContentSearch search, CancellationToken cancellation)
    {
        var stored = new StoredExamples(
            target.Store, final, pictures.Compression, [.. pictures.Pictures.Select(picture => pictures.Prefix + picture.Name)], pictures.Size, InceptionResNetV2Shape.Logits);
        List<int> incomplete = [];
        bool hasLogits = true;
        foreach ((int i, StoredExample example) in stored.Read().Index().Where(picture => picture.Item.Whole.IsEmpty))
        {
            incomplete.Add(i);
            hasLogits &= !example.Logits.IsEmpty;
        }

        if (target.IsDryRun && incomplete.Any(i => log.IsRestored(Path.GetRelativePath(target.Home.Root, pictures.Pictures[i].Path))))
        {
            return ("written again, once its resized pictures are restored", "");
        }

        if (hasLogits && Put(manifest, pictures, stored, logits: null, final, search, cancellation))
        {
            return ("written again from what is left of it and the resized pictures", "");
        }

        foreach (int picture in incomplete)
        {
            RefuseMissing(pictures.Pictures[picture]);
        }

        if (target.IsDryRun)
        {
            return ("if the network gives the same bytes again", "");
        }

        if (await network.StartAsync(cancellation) is not InferenceThread thread)
        {
            return (null, $"no packed copy of it is there, and the network that made it cannot be loaded: {network.Fault}");
        }

        Dictionary<int, float[]> logits = await EmbedAsync(thread, pictures, incomplete, cancellation);
        return Put(manifest, pictures, stored, logits, final, search, cancellation)
            ? ("written again by the network", "")
            : (null, "no packed copy of it is there, and the network gives other bytes here than where it was made");
    }

    private static void RefuseMissing((string Name, string Path, string? Sha256) picture)
    {
        if (!File.Exists(picture.Path))
        {
            throw new PictureMissingException($"no packed copy of it is there, and its picture {picture.Path} is gone");
        }
    }

    private bool Put(
        RecordManifest manifest, RecordPictures pictures, StoredExamples stored, Dictionary<int, float[]>? logits, string final, ContentSearch search,
        CancellationToken cancellation)
    {
        var builder = new ExampleBuilder(pictures.Compatibility, pictures.Prefix);
        return target.TryPut(final, manifest.Sha256, search, log, content =>
        {
            using var writer = new TFRecordWriter(content, pictures.Compression);
            foreach ((int i, StoredExample example) in stored.Read().Index())
            {
                cancellation.ThrowIfCancellationRequested();
                if (!example.Whole.IsEmpty)
                {
                    writer.Append(example.Whole.Span);
                    continue;
                }

                using PreparedPicture picture = Read(pictures, i);
                ReadOnlySpan<float> its = logits is null ? MemoryMarshal.Cast<byte, float>(example.Logits.Span) : logits[i];
                builder.Build(pictures.Pictures[i].Name, picture, its).AddTo(writer);
            }

            writer.Complete();
        });
    }

    private async Task<Dictionary<int, float[]>> EmbedAsync(InferenceThread thread, RecordPictures pictures, IEnumerable<int> incomplete, CancellationToken cancellation)
    {
        var logits = new Dictionary<int, float[]>();
        foreach (int[] batch in incomplete.Chunk(thread.BatchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            var gray = new byte[batch.Length * InceptionResNetV2Shape.PicturePixels];
            for (int i = 0; i < batch.Length; i++)
            {
                using PreparedPicture picture = Read(pictures, batch[i]);
                picture.WriteGray(gray.AsSpan(i * InceptionResNetV2Shape.PicturePixels, InceptionResNetV2Shape.PicturePixels));
            }

            float[] answer = await thread.EmbedAsync([.. batch.Select(i => pictures.Pictures[i].Name)], gray);
            for (int i = 0; i < batch.Length; i++)
            {
                logits[batch[i]] = answer[(i * InceptionResNetV2Shape.Logits)..((i + 1) * InceptionResNetV2Shape.Logits)];
            }
        }

        return logits;
    }

    private PreparedPicture Read(RecordPictures pictures, int index)
    {
        (string name, string path, string? sha256) = pictures.Pictures[index];
        try
        {
            return PreparedPicture.TryRead(codec, path, sha256, out PreparedPicture? prepared, out LeftOutPicture? leftOut, pictures.Rule)
                ? prepared
                : throw new PictureMissingException($"no packed copy of it is there, and its picture {name} is {leftOut.Reason}");
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new PictureMissingException($"no packed copy of it is there, and its picture {path} is gone or changed");
        }
    }

    /// <summary>A resized picture of the record is lost.</summary>
    private sealed class PictureMissingException(string message) : Exception(message);
}
