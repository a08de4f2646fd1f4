using System.Runtime.InteropServices;
using Akka.Actor;

namespace Koalarization.Cluster.Embedding;

/// <summary>A request that an embedder has taken. Its pictures may be run in different batches; it is answered when each has logits or was seen not to decode.</summary>
/// <param name="asked">The request.</param>
/// <param name="client">Who gets the answer.</param>
/// <param name="from">The client's member.</param>
internal sealed class RequestInWork(EmbedProtocol.EmbedImages asked, IActorRef client, Address from)
{
    private readonly byte[] _logits = new byte[asked.Images.Count * LogitBytes];
    private readonly SortedSet<int> _undecodable = [];
    private int _open = asked.Images.Count;

    private const int LogitBytes = EmbedProtocol.Logits * sizeof(float);

    public EmbedProtocol.EmbedImages Asked => asked;

    public IActorRef Client => client;

    public Address From => from;

    public int Images => asked.Images.Count;

    public bool IsComplete => _open == 0;

    public IReadOnlyList<int> Undecodable => [.. _undecodable];

    /// <summary>A picture was run.</summary>
    public void SetLogits(int index, ReadOnlySpan<float> logits)
    {
        logits.CopyTo(MemoryMarshal.Cast<byte, float>(_logits.AsSpan(index * LogitBytes, LogitBytes)));
        _open--;
    }

    /// <summary>A picture has no logits.</summary>
    public void SetMissing(int index)
    {
        _undecodable.Add(index);
        _open--;
    }

    /// <summary>[N, 1001] over the pictures that have any.</summary>
    public ReadOnlyMemory<byte> Logits()
    {
        if (_undecodable.Count == 0)
        {
            return _logits;
        }

        var logits = new byte[(Images - _undecodable.Count) * LogitBytes];
        int next = 0;
        for (int index = 0; index < Images; index++)
        {
            if (!_undecodable.Contains(index))
            {
                _logits.AsSpan(index * LogitBytes, LogitBytes).CopyTo(logits.AsSpan(next++ * LogitBytes));
            }
        }

        return logits;
    }
}
