using System.Globalization;
using Koalarization.Imaging.Jpeg;
using Koalarization.Imaging.Pixels;

namespace Koalarization.Pipeline.Resizing;

/// <summary>
/// The protocol between <see cref="SandboxedResizer"/> and its child process, over the child's standard input and output. Little-endian. The child
/// writes 1 when it is ready. For each picture it reads its length (32 bits) and bytes, and writes either 1, width, height, the resized picture's
/// length (32 bits each) and bytes, or 0, the fault (8 bits) and the refusal's detail (length-prefixed UTF-8). It exits at the input's end.
/// </summary>
internal static class SandboxProtocol
{
    /// <summary>The command of the child.</summary>
    public const string CommandName = "fit-pictures";

    /// <summary>The command's arguments.</summary>
    public static string[] Arguments(PictureSize? size, long maxPixels, PictureRule rule) =>
    [
        (size?.Width ?? 0).ToString(CultureInfo.InvariantCulture),
        (size?.Height ?? 0).ToString(CultureInfo.InvariantCulture),
        maxPixels.ToString(CultureInfo.InvariantCulture),
        ((int)rule).ToString(CultureInfo.InvariantCulture),
    ];

    /// <summary>The child's side: resizes pictures until the input ends.</summary>
    public static void Serve(InProcessResizer resizer, Stream input, Stream output)
    {
        using var reader = new BinaryReader(new BufferedStream(input, 1 << 16));
        using var writer = new BinaryWriter(new BufferedStream(output, 1 << 16));
        writer.Write((byte)1);
        writer.Flush();
        while (true)
        {
            byte[] jpeg;
            try
            {
                jpeg = reader.ReadBytes(reader.ReadInt32());
            }
            catch (EndOfStreamException)
            {
                return;
            }

            Write(writer, resizer.Resize(jpeg));
        }
    }

    public static void AwaitReady(BinaryReader reader) => reader.ReadByte();

    public static void Send(BinaryWriter writer, ReadOnlySpan<byte> jpeg)
    {
        writer.Write(jpeg.Length);
        writer.Write(jpeg);
        writer.Flush();
    }

    public static ResizedPicture Receive(BinaryReader reader)
    {
        if (reader.ReadByte() == 0)
        {
            var fault = (PictureFault)reader.ReadByte();
            return ResizedPicture.Refused(new PictureRefusal(fault, reader.ReadString()));
        }

        var source = new PictureSize(reader.ReadInt32(), reader.ReadInt32());
        int length = reader.ReadInt32();
        byte[] bytes = reader.ReadBytes(length);
        return bytes.Length == length ? new ResizedPicture(source, bytes, Refusal: null) : throw new EndOfStreamException();
    }

    private static void Write(BinaryWriter writer, ResizedPicture resized)
    {
        writer.Write((byte)(resized.Refusal is null ? 1 : 0));
        if (resized.Refusal is PictureRefusal refusal)
        {
            writer.Write((byte)refusal.Fault);
            writer.Write(refusal.Detail);
        }
        else
        {
            writer.Write(resized.SourceSize.Width);
            writer.Write(resized.SourceSize.Height);
            writer.Write(resized.Bytes.Length);
            writer.Write(resized.Bytes.Span);
        }

        writer.Flush();
    }
}
