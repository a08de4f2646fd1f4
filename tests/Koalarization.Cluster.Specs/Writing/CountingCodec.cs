using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Koalarization.Imaging.Jpeg;
using Koalarization.Imaging.Pixels;

namespace Koalarization.Cluster.Specs.Writing;

/// <summary>A JPEG library that counts what it decodes.</summary>
internal sealed class CountingCodec(IJpegCodec inner) : IJpegCodec
{
    private int _decoded;

    public string Name => inner.Name;

    public int Decoded => Volatile.Read(ref _decoded);

    public bool TryDecode(
        ReadOnlySpan<byte> jpeg, JpegDecodeOptions options, [NotNullWhen(true)] out Picture? picture, [NotNullWhen(false)] out PictureRefusal? refusal)
    {
        Interlocked.Increment(ref _decoded);
        return inner.TryDecode(jpeg, options, out picture, out refusal);
    }

    public int Encode(Picture rgb, int quality, IBufferWriter<byte> destination) => inner.Encode(rgb, quality, destination);
}
