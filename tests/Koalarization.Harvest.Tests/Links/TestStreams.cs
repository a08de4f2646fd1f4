namespace Koalarization.Harvest.Tests.Links;

/// <summary>Gives its bytes at most some at a time.</summary>
internal class ChunkStream(byte[] bytes, int chunk) : MemoryStream(bytes)
{
    public override bool CanSeek => false;

    public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(chunk, buffer.Length)]);

    public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(chunk, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        base.ReadAsync(buffer[..Math.Min(chunk, buffer.Length)], cancellationToken);
}

/// <summary>Gives its bytes, and then fails.</summary>
internal sealed class BrokenStream(byte[] bytes, Exception fault) : ChunkStream(bytes, bytes.Length)
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Position < Length ? base.ReadAsync(buffer, cancellationToken) : throw fault;
}
