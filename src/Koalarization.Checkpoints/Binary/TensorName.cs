using System.Text;

namespace Koalarization.Checkpoints.Binary;

internal static class TensorName
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static string Read(ProtoReader field) => Decode(field.Bytes(), field.Here);

    public static string Decode(ReadOnlySpan<byte> name, Koalarization.Checkpoints.Binary.Origin origin)
    {
        try
        {
            return Strict.GetString(name);
        }
        catch (DecoderFallbackException)
        {
            throw origin.Format("a tensor's name is not valid UTF-8");
        }
    }
}
