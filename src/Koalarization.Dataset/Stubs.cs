#pragma warning disable
namespace Koalarization.Imaging;
public static class CodecFingerprint { public static string Compute(IJpegCodec c) => new string('0',64); }
