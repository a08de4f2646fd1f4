using System.Collections.Concurrent;
using Koalarization.Harvest.Outages;

namespace Koalarization.Harvest.Fetching;

/// <summary>Delivers notices in order, one call at a time, on whichever thread finds some. Thread-safe; add under a lock, deliver outside of it.</summary>
/// <param name="notify">The listener, which may take its time.</param>
internal sealed class NoticeQueue(Action<OutageNotice> notify)
{
    private readonly ConcurrentQueue<OutageNotice> _notices = new();
    private int _isDelivering;

    public void Add(OutageNotice notice) => _notices.Enqueue(notice);

    public void Deliver()
    {
        while (!_notices.IsEmpty && Interlocked.Exchange(ref _isDelivering, 1) == 0)
        {
            try
            {
                while (_notices.TryDequeue(out OutageNotice? notice))
                {
                    notify(notice);
                }
            }
            finally
            {
                Volatile.Write(ref _isDelivering, 0);
            }
        }
    }
}
