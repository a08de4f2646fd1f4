namespace Koalarization.Dataset.Tests.Simulation;

/// <summary>A disk with programs at work on it, which ends at a chosen step. Every change of the disk is a step.</summary>
internal sealed class SimulatedMachine(SimulatedDisk disk)
{
    private readonly Lock _gate = new();
    private bool _ended;

    /// <summary>What is on the disk now.</summary>
    public SimulatedDisk Disk { get; private set; } = disk;

    /// <summary>Steps done so far.</summary>
    public int Steps { get; private set; }

    /// <summary>The step that is not done any more.</summary>
    public int EndsAt { get; init; } = int.MaxValue;

    /// <summary>Called with the owner's name before each of its steps; may block it, or end it alone.</summary>
    public Action<string> BeforeStep { get; init; } = _ => { };

    public T Step<T>(string owner, Func<SimulatedDisk, (SimulatedDisk Disk, T Result)> step)
    {
        BeforeStep(owner);
        lock (_gate)
        {
            if (_ended || Steps == EndsAt)
            {
                _ended = true;
                throw new CrashException();
            }

            Steps++;
            (Disk, T result) = step(Disk);
            return result;
        }
    }

    public void Step(string owner, Func<SimulatedDisk, SimulatedDisk> step) => Step(owner, before => (step(before), true));
}
