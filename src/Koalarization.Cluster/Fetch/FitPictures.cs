using System.Globalization;
using Koalarization.Imaging;

namespace Koalarization.Cluster;

/// <summary>
/// The talk between <see cref="ChildFitter"/> and its child, over the child's standard input and output. Little-endian. The child says 1 when it is
/// ready; then for each picture it gets its length (32 bits) and bytes, and answers either 1, width, height, the resized picture's length (32 bits
/// each) and bytes, or 0, the fault (8 bits) and the refusal's detail (length-prefixed UTF-8). The input's end is the talk's end.
/// </summary>
internal static class FitPictures
{
    /// <summary>The command of the child.</summary>
    public const string CommandName = "fit-pictures";

    /// <summary>The words behind the command's name.</summary>
    public static string[] Words(PictureSize? size, long maxPixels) =>
    [
        (size?.Width ?? 0).ToString(CultureInfo.InvariantCulture),
        (size?.Height ?? 0).ToString(CultureInfo.InvariantCulture),
        maxPixels.ToString(CultureInfo.InvariantCulture),
    ];

    /// <summary>The child's side: fits pictures until the input ends.</summary>
    public static void Serve(CoreFitter fitter, Stream input, Stream output)
    {
        using var from = new BinaryReader(new BufferedStream(input, 1 << 16));
        using var to = new BinaryWriter(new BufferedStream(output, 1 << 16));
        to.Write((byte)1);
        to.Flush();
        while (true)
        {
            byte[] jpeg;
            try
            {
                jpeg = from.ReadBytes(from.ReadInt32());
            }
            catch (EndOfStreamException)
            {
                return;
            }

            Answer(to, fitter.Fit(jpeg));
        }
    }

    public static void AwaitReady(BinaryReader from) => from.ReadByte();

    public static void Send(BinaryWriter to, ReadOnlySpan<byte> jpeg)
    {
        to.Write(jpeg.Length);
        to.Write(jpeg);
        to.Flush();
    }

    public static FittedPicture ReceiveFitted(BinaryReader from)
    {
        if (from.ReadByte() == 0)
        {
            var fault = (PictureFault)from.ReadByte();
            return FittedPicture.Refused(new PictureRefusal(fault, from.ReadString()));
        }

        var source = new PictureSize(from.ReadInt32(), from.ReadInt32());
        int length = from.ReadInt32();
        byte[] resized = from.ReadBytes(length);
        return resized.Length == length ? new FittedPicture(source, resized, Refusal: null) : throw new EndOfStreamException();
    }

    private static void Answer(BinaryWriter to, FittedPicture fitted)
    {
        to.Write((byte)(fitted.Refusal is null ? 1 : 0));
        if (fitted.Refusal is PictureRefusal refusal)
        {
            to.Write((byte)refusal.Fault);
            to.Write(refusal.Detail);
        }
        else
        {
            to.Write(fitted.Source.Width);
            to.Write(fitted.Source.Height);
            to.Write(fitted.Resized.Length);
            to.Write(fitted.Resized.Span);
        }

        to.Flush();
    }
}
