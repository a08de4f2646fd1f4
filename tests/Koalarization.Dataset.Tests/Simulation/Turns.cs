namespace Koalarization.Dataset.Tests.Simulation;

/// <summary>Runs two programs on one disk, step by step, in a chosen order. A program that has ended is passed over.</summary>
internal sealed class Turns : IDisposable
{
    private readonly Dictionary<string, Turn> _programs = new(StringComparer.Ordinal);

    /// <summary>Starts a program, which is suspended before its first step.</summary>
    public void Start(string owner, Action program)
    {
        var turn = new Turn(program);
        _programs.Add(owner, turn);
        turn.Begin();
    }

    /// <summary>Called by a program before each step.</summary>
    public void Await(string owner) => _programs[owner].Await();

    /// <summary>Runs programs for the given numbers of steps, one program after the other, and then each go to its end.</summary>
    public void Play(params (string Owner, int Steps)[] order)
    {
        foreach ((string owner, int steps) in order)
        {
            for (int step = 0; step < steps && !_programs[owner].HasEnded; step++)
            {
                _programs[owner].TakeStep();
            }
        }

        foreach (Turn turn in _programs.Values)
        {
            while (!turn.HasEnded)
            {
                turn.TakeStep();
            }

            turn.Rethrow();
        }
    }

    public void Dispose()
    {
        foreach (Turn turn in _programs.Values)
        {
            turn.Dispose();
        }
    }

    private sealed class Turn : IDisposable
    {
        private readonly SemaphoreSlim _go = new(0);
        private readonly SemaphoreSlim _still = new(0);
        private readonly Task _task;
        private volatile bool _ended;

        public Turn(Action program) => _task = new Task(
            () =>
            {
                try
                {
                    program();
                }
                finally
                {
                    _ended = true;
                    _still.Release();
                }
            },
            TaskCreationOptions.LongRunning);

        public bool HasEnded => _ended;

        public void Await()
        {
            _still.Release();
            _go.Wait();
        }

        public void TakeStep()
        {
            _go.Release();
            _still.Wait();
        }

        public void Begin()
        {
            _task.Start(TaskScheduler.Default);
            _still.Wait();
        }

        public void Rethrow() => _task.GetAwaiter().GetResult();

        public void Dispose()
        {
            _go.Dispose();
            _still.Dispose();
        }
    }
}
