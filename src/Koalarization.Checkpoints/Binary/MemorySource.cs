namespace Koalarization.Checkpoints.Binary;

/// <summary>A file that lies in memory.</summary>
internal sealed class MemorySource : ByteSource
{
    private readonly ReadOnlyMemory<byte> _bytes;

    public MemorySource(string file, ReadOnlyMemory<byte> bytes)
        : base(file, bytes.Length)
    {
        _bytes = bytes;
    }

    public override Hold KeepReadable() => default;

    public override void Dispose()
    {
    }

    protected override ReadOnlySpan<byte> View(long offset, int length) => _bytes.Span.Slice((int)offset, length);
}
