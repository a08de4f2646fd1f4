namespace Koalarization.Records.Examples;

/// <summary>
/// One picture's record in the making: colours and logits are computed straight into the encoded bytes. Reused picture after
/// picture; one per thread.
/// </summary>
/// <remarks>
/// <code>
/// buffer.Begin(name);
/// LabConverter.Convert(pixels, buffer.Luminance, buffer.Ab);
/// logits.CopyTo(buffer.Embedding);
/// writer.Append(buffer.Record.Span);
/// </code>
/// The spans lie at any address, not at multiples of four: x64 and arm64 read and write them all the same, at a cost below measuring.
/// </remarks>
public sealed class LabExampleBuffer
{
    private readonly int _size;
    private readonly int _logits;
    private LabExampleLayout _layout;
    private LabExampleOffsets _offsets;
    private byte[] _record;

    /// <summary>A buffer for pictures of one size, with an empty name and zeros.</summary>
    /// <param name="size">S, the picture's width and height.</param>
    /// <param name="logits">How many logits there are.</param>
    public LabExampleBuffer(int size, int logits)
    {
        _size = size;
        _logits = logits;
        _layout = new LabExampleLayout(0, size, logits);
        _record = new byte[_layout.Bytes];
        _offsets = _layout.WriteFrame([], _record);
    }

    /// <summary>[S, S], row by row, inside the record.</summary>
    public Span<float> Luminance => _layout.Luminance(_record, _offsets);

    /// <summary>[S, S, 2], interleaved, inside the record.</summary>
    public Span<float> Ab => _layout.Ab(_record, _offsets);

    /// <summary>The logits, inside the record.</summary>
    public Span<float> Embedding => _layout.Embedding(_record, _offsets);

    /// <summary>Where the logits begin in the record, in bytes.</summary>
    public int EmbeddingOffset => _offsets.Embedding;

    /// <summary>The encoded record, whole as soon as all three spans are filled.</summary>
    public ReadOnlyMemory<byte> Record => _record.AsMemory(0, _layout.Bytes);

    /// <summary>Begins the next picture. Spans taken before are void, and the floats are whatever lay there: fill all of them.</summary>
    /// <param name="nameUtf8">The picture's path.</param>
    public void Begin(ReadOnlySpan<byte> nameUtf8)
    {
        if (!_layout.Fits(nameUtf8.Length))
        {
            _layout = new LabExampleLayout(nameUtf8.Length, _size, _logits);
            if (_record.Length < _layout.Bytes)
            {
                _record = new byte[_layout.Bytes];
            }
        }

        _offsets = _layout.WriteFrame(nameUtf8, _record);
    }
}
