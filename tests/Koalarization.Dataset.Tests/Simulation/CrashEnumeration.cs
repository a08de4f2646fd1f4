namespace Koalarization.Dataset.Tests.Simulation;

/// <summary>
/// Ends a program at every one of its steps, by a crash and by a power loss with everything that it may leave, starts it again on what is left, ends
/// that, and so on, until no new state of the disk comes up; and from every state runs it undisturbed.
/// </summary>
/// <param name="program">What is done at every start, until the end. Must come to the same end from wherever it starts.</param>
/// <param name="invariant">What is wrong with a disk that a program finds at its start, or null.</param>
internal sealed class CrashEnumeration(Action<SimulatedMachine, string> program, Func<SimulatedDisk, string?> invariant)
{
    // An enumeration that does not end is a program that never does the same twice.
    private const int MaxStates = 20_000;

    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly Queue<SimulatedDisk> _open = new();
    private int _owners;

    /// <summary>Different states that a start found.</summary>
    public int States => _known.Count;

    /// <summary>Runs all there is.</summary>
    /// <param name="expected">What an undisturbed run leaves; null: whatever the invariant allows.</param>
    public void Run(string? expected)
    {
        Meet(new SimulatedDisk());
        while (_open.TryDequeue(out SimulatedDisk? disk))
        {
            Assert.InRange(States, 1, MaxStates);
            int steps = RunToTheEnd(disk, expected);
            for (int step = 0; step < steps; step++)
            {
                var machine = new SimulatedMachine(disk) { EndsAt = step };
                Assert.Throws<CrashException>(() => program(machine, NewOwner()));
                Meet(machine.Disk);
                foreach (SimulatedDisk left in machine.Disk.AfterPowerLoss())
                {
                    Meet(left);
                }
            }
        }
    }

    private int RunToTheEnd(SimulatedDisk disk, string? expected)
    {
        var machine = new SimulatedMachine(disk);
        program(machine, NewOwner());
        Assert.DoesNotContain(machine.Disk.Names.Keys, name => name.StartsWith(".koala/tmp", StringComparison.Ordinal) || name.EndsWith(".data", StringComparison.Ordinal));
        Assert.Null(invariant(machine.Disk));
        if (expected is not null)
        {
            Assert.Equal(expected, machine.Disk.Seen);
        }

        // What was reported as done is still there after a power loss.
        foreach (SimulatedDisk left in machine.Disk.AfterPowerLoss())
        {
            Meet(left);
        }

        return machine.Steps;
    }

    private void Meet(SimulatedDisk disk)
    {
        if (_known.Add(disk.Key))
        {
            Assert.Null(invariant(disk));
            _open.Enqueue(disk);
        }
    }

    private string NewOwner() => $"owner{_owners++}";
}
