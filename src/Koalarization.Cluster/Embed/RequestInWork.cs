using System.Runtime.InteropServices;
using Akka.Actor;

namespace Koalarization.Cluster;

/// <summary>A request that an embedder has taken. Its pictures may be run in different batches; it is answered when all have come to an end.</summary>
internal sealed class RequestInWork(EmbedProtocol.EmbedImages asked, IActorRef client)
{
    private readonly byte[] _logits = new byte[asked.Images.Count * LogitBytes];
    private readonly SortedSet<int> _missing = [];
    private int _open = asked.Images.Count;

    private const int LogitBytes = EmbedProtocol.Logits * sizeof(float);

    public EmbedProtocol.EmbedImages Asked => asked;

    public IActorRef Client => client;

    public int Images => asked.Images.Count;

    /// <summary>Whether it has been answered: its pictures need not be run.</summary>
    public bool IsEnded { get; set; }

    public bool IsComplete => _open == 0;

    public IReadOnlyList<int> Missing => [.. _missing];

    /// <summary>A picture was run.</summary>
    public void Place(int place, ReadOnlySpan<float> logits)
    {
        logits.CopyTo(MemoryMarshal.Cast<byte, float>(_logits.AsSpan(place * LogitBytes, LogitBytes)));
        _open--;
    }

    /// <summary>A picture has no logits.</summary>
    public void Miss(int place)
    {
        _missing.Add(place);
        _open--;
    }

    /// <summary>[N, 1001] over the pictures that have any.</summary>
    public ReadOnlyMemory<byte> Logits()
    {
        if (_missing.Count == 0)
        {
            return _logits;
        }

        var logits = new byte[(Images - _missing.Count) * LogitBytes];
        int next = 0;
        for (int place = 0; place < Images; place++)
        {
            if (!_missing.Contains(place))
            {
                _logits.AsSpan(place * LogitBytes, LogitBytes).CopyTo(logits.AsSpan(next++ * LogitBytes));
            }
        }

        return logits;
    }
}
