using System.Buffers;
using Akka.Dispatch;
using Koalarization.Cluster.Hosting;
using Koalarization.Dataset.Composition;
using Koalarization.Dataset.Storage;
using Koalarization.Pipeline.Records;

namespace Koalarization.Cluster.Embedding;

/// <summary>Reads and decodes resized pictures by reference. Thread-safe.</summary>
/// <param name="node">Whose pictures, and with what they are decoded.</param>
/// <param name="dispatcher">The threads that do it.</param>
internal sealed class PictureSource(NodeServices node, MessageDispatcher dispatcher)
{
    // A file that another node has just published may be visible here only later.
    private static readonly TimeSpan[] Pauses =
        [TimeSpan.FromMilliseconds(250), TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)];

    /// <summary>Loads one picture; never fails.</summary>
    public async Task<LoadedPicture> LoadAsync(string data, bool fansOut, EmbedProtocol.ImageReference image)
    {
        string path = Path.Combine(node.Stores.PathOf(data), new DataLayout(fansOut).ResizedPicture(image.Name));
        var id = new PictureId(data, image.Name, image.Sha256);
        LoadedPicture loaded = await dispatcher.RunAsync(() => Load(path, id));
        foreach (TimeSpan pause in Pauses)
        {
            if (loaded.Fault is null)
            {
                break;
            }

            await Task.Delay(pause, node.Time);
            loaded = await dispatcher.RunAsync(() => Load(path, id));
        }

        return loaded;
    }

    private LoadedPicture Load(string path, PictureId id)
    {
        PreparedPicture? prepared;
        try
        {
            if (!PreparedPicture.TryRead(node.Codec, path, id.Sha256, out prepared, out _))
            {
                return LoadedPicture.Undecodable;
            }
        }
        catch (InvalidDataException changed)
        {
            return LoadedPicture.Unreadable(changed.Message);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return LoadedPicture.Unreadable(FileFaults.Sentence(exception));
        }

        byte[] gray = ArrayPool<byte>.Shared.Rent(PictureInWork.GrayBytes);
        prepared.WriteGray(gray.AsSpan(0, PictureInWork.GrayBytes));
        if (!node.Decoded.TryKeep(id, prepared))
        {
            prepared.Dispose();
        }

        return new LoadedPicture(gray, Fault: null);
    }
}

/// <summary>What reading a picture gave.</summary>
/// <param name="Gray">Its gray bytes in a pooled array; null: it has the right hash and does not decode, or there is a fault.</param>
/// <param name="Fault">Why it cannot be read, in one sentence.</param>
internal sealed record LoadedPicture(byte[]? Gray, string? Fault)
{
    public static LoadedPicture Undecodable { get; } = new(Gray: null, Fault: null);

    public static LoadedPicture Unreadable(string fault) => new(Gray: null, fault);
}
