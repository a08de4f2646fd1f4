using System.Buffers;
using Akka.Dispatch;
using Koalarization.Dataset;
using Koalarization.Imaging;

namespace Koalarization.Cluster;

/// <summary>Reads and decodes resized pictures by reference. Thread-safe.</summary>
/// <param name="stores">Where they are.</param>
/// <param name="codec">Decodes them.</param>
/// <param name="dispatcher">The threads that do it.</param>
/// <param name="time">Paces the tries.</param>
internal sealed class PictureSource(NodeStores stores, IJpegCodec codec, MessageDispatcher dispatcher, TimeProvider time)
{
    // A file that another node has just published may take a moment to be seen here.
    private static readonly TimeSpan[] Pauses =
        [TimeSpan.FromMilliseconds(250), TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)];

    /// <summary>Brings one picture; never fails.</summary>
    public async Task<LoadedPicture> LoadAsync(string data, bool fansOut, EmbedProtocol.ImageReference image)
    {
        string path = Path.Combine(stores.PathOf(data), new DataLayout(fansOut).ResizedPicture(image.Name));
        LoadedPicture loaded = await dispatcher.RunAsync(() => Load(path, image));
        foreach (TimeSpan pause in Pauses)
        {
            if (loaded.Fault is null)
            {
                break;
            }

            await Task.Delay(pause, time);
            loaded = await dispatcher.RunAsync(() => Load(path, image));
        }

        return loaded;
    }

    private LoadedPicture Load(string path, EmbedProtocol.ImageReference image)
    {
        try
        {
            using FileBytes jpeg = FileBytes.Read(path);
            return jpeg.Have(image.Sha256)
                ? Decode(jpeg.Span)
                : LoadedPicture.Unreadable($"{path} is not as it was written.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return LoadedPicture.Unreadable($"{path} cannot be read: {exception.Message}");
        }
    }

    private LoadedPicture Decode(ReadOnlySpan<byte> jpeg)
    {
        if (!PreparedPicture.TryPrepare(codec, jpeg, out PreparedPicture? prepared, out _, out _))
        {
            return LoadedPicture.Undecodable;
        }

        using (prepared)
        {
            byte[] gray = ArrayPool<byte>.Shared.Rent(PictureInWork.GrayBytes);
            prepared.Gray.CopyTo(gray);
            return new LoadedPicture(gray, Fault: null);
        }
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
