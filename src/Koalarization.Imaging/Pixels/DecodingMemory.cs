namespace Koalarization.Imaging.Pixels;

/// <summary>
/// The memory in which large pictures are decoded, of the whole process: as many are decoded at once as fit, and the others wait, first come, first served.
/// Thread-safe.
/// </summary>
/// <param name="bytes">How much there is.</param>
internal sealed class DecodingMemory(long bytes)
{
    /// <summary>What takes no more than this does not wait: as many as there are cores fit beside the rest of the program.</summary>
    public const long SmallBytes = 16 << 20;

    // The rest is the program's own, bodies in flight, and what the runtime has not given back yet.
    private const double Share = 0.6;

    private readonly object _gate = new();
    private readonly Queue<object> _waiting = new();
    private long _taken;

    /// <summary>This process's: a share of the machine's memory, or of its container's.</summary>
    public static DecodingMemory OfProcess { get; } = new((long)(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes * Share));

    /// <summary>Who waits now.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>Why a picture can never be decoded here, or null.</summary>
    /// <param name="size">What its header says.</param>
    /// <param name="need">What decoding it takes, in bytes.</param>
    public PictureRefusal? Refuse(PictureSize size, long need) => need <= Math.Max(bytes, SmallBytes)
        ? null
        : new PictureRefusal(
            PictureFault.TooManyPixels, $"says that it is {size}, which takes {need / 1_000_000} MB to decode, more than the {bytes / 1_000_000} MB that this machine's memory allows");

    /// <summary>Waits until there is room for a picture that is not refused, and takes it.</summary>
    /// <returns>Gives it back when it is disposed; null for a small picture.</returns>
    public IDisposable? Take(long need)
    {
        if (need <= SmallBytes)
        {
            return null;
        }

        lock (_gate)
        {
            var turn = new object();
            _waiting.Enqueue(turn);
            while (_waiting.Peek() != turn || _taken + need > bytes)
            {
                Monitor.Wait(_gate);
            }

            _waiting.Dequeue();
            _taken += need;
            Monitor.PulseAll(_gate);
        }

        return new Taken(this, need);
    }

    private void GiveBack(long need)
    {
        lock (_gate)
        {
            _taken -= need;
            Monitor.PulseAll(_gate);
        }
    }

    private sealed class Taken(DecodingMemory memory, long need) : IDisposable
    {
        private int _isGivenBack;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isGivenBack, 1) == 0)
            {
                memory.GiveBack(need);
            }
        }
    }
}
