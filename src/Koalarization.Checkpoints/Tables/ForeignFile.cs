using Koalarization.Checkpoints.Binary;

namespace Koalarization.Checkpoints.Tables;

/// <summary>Describes a file that is no table, as far as its first bytes show.</summary>
internal static class ForeignFile
{
    public static string Describe(ByteSource source)
    {
        ReadOnlySpan<byte> start = source.Slice(0, Math.Min(source.Length, 8));
        string what = start switch
        {
            [] => "the file is empty",
            [0x1F, 0x8B, ..] => "this is a gzip archive, not a checkpoint file",
            [0x50, 0x4B, 3, 4, ..] => "this is a zip file (Keras or PyTorch weights), not a TensorFlow checkpoint",
            [0x89, (byte)'H', (byte)'D', (byte)'F', ..] => "this is an HDF5 file (Keras weights), not a TensorFlow checkpoint",
            [(byte)'<', ..] => "this looks like a web page, not a TensorFlow checkpoint",
            _ => "this is not a TensorFlow checkpoint, or its end is cut off",
        };
        return what;
    }
}
