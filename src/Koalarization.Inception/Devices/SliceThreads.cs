using System.Runtime.ExceptionServices;

namespace Koalarization.Inception.Devices;

/// <summary>
/// Threads of its own that work through numbered slices together; a free thread takes the next one. One thread a core, each with
/// single-threaded kernels, keeps its speed when other work wants the cores too; kernels split over the cores wait for each other at every layer.
/// </summary>
internal sealed class SliceThreads : IDisposable
{
    private readonly Thread[] _members;
    private readonly SemaphoreSlim _start = new(0);
    private readonly CountdownEvent _working = new(1);
    private Action<int, int> _work = (_, _) => { };
    private CancellationToken _cancellation;
    private int _slices;
    private int _taken;
    private ExceptionDispatchInfo? _failure;
    private volatile bool _isLeaving;

    /// <param name="members">Threads.</param>
    /// <param name="prepare">Run once on each.</param>
    public SliceThreads(int members, Action prepare)
    {
        _members = [.. Enumerable.Range(0, members).Select(member => new Thread(() => Serve(member, prepare))
        {
            IsBackground = true,
            Name = $"inference {member}",
        })];
        foreach (Thread member in _members)
        {
            member.Start();
        }
    }

    public int Members => _members.Length;

    /// <summary>Calls work(member, slice) once for each slice of 0..slices - 1, and returns when no member works any more. A member does one at a time.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled; no slice was begun after that.</exception>
    public void Run(int slices, Action<int, int> work, CancellationToken cancellation = default)
    {
        int members = Math.Min(slices, Members);
        (_work, _cancellation, _slices, _taken, _failure) = (work, cancellation, slices, 0, null);
        _working.Reset(members);
        _start.Release(members);
        _working.Wait(CancellationToken.None);
        _failure?.Throw();
    }

    public void Dispose()
    {
        _isLeaving = true;
        _start.Release(Members);
        foreach (Thread member in _members)
        {
            member.Join();
        }

        _start.Dispose();
        _working.Dispose();
    }

    private void Serve(int member, Action prepare)
    {
        prepare();
        while (true)
        {
            _start.Wait();
            if (_isLeaving)
            {
                return;
            }

            try
            {
                for (int slice = Interlocked.Increment(ref _taken) - 1; slice < _slices; slice = Interlocked.Increment(ref _taken) - 1)
                {
                    _cancellation.ThrowIfCancellationRequested();
                    _work(member, slice);
                }
            }
#pragma warning disable CA1031 // It is thrown again, on the thread that asked for the work.
            catch (Exception error)
#pragma warning restore CA1031
            {
                _failure = ExceptionDispatchInfo.Capture(error);
            }

            _working.Signal();
        }
    }
}
