namespace Koalarization.Inception;

/// <summary>
/// Turns gray pictures into the logits of Inception-ResNet-v2. It belongs to one thread at a time: its owner never calls it concurrently.
/// A picture's logits depend on the picture alone, never on its neighbours or its place in the batch.
/// </summary>
public interface IEmbedder : IDisposable
{
    /// <summary>What computes the logits: all that decides their bits.</summary>
    EmbedderIdentity Identity { get; }

    /// <summary>Pictures in the one batch shape that is ever run; a shorter batch is padded and costs as much as a full one.</summary>
    int BatchSize { get; }

    /// <summary>Runs 1 to <see cref="BatchSize"/> pictures.</summary>
    /// <param name="names">The pictures' names; their count is N. Only the simulated device looks at the names themselves.</param>
    /// <param name="gray">[N, 299, 299] gray bytes, row by row from the top.</param>
    /// <param name="logits">Receives [N, 1001] logits, in the order of <paramref name="names"/>.</param>
    /// <param name="cancellation">Ends the run between two blocks of the network; no thread of it uses the spans any more when the call returns.</param>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    /// <exception cref="ArgumentException">N is out of range, or a span's length is not N pictures.</exception>
    void Embed(IReadOnlyList<string> names, ReadOnlySpan<byte> gray, Span<float> logits, CancellationToken cancellation = default);
}
