using Koalarization.Dataset.Storage;

namespace Koalarization.Dataset.Tests.Simulation;

/// <summary>A store that leaves out one flush of those that are called: what builds on it must be seen to fail.</summary>
internal sealed class ForgetfulStore(SimulatedMachine machine, string owner, int forgotten) : SimulatedStore(machine, owner)
{
    private int _flushes;

    public override void Flush(IReadOnlyCollection<IDraft> drafts)
    {
        if (_flushes++ != forgotten)
        {
            base.Flush(drafts);
        }
    }

    public override void FlushNames(string folder)
    {
        if (_flushes++ != forgotten)
        {
            base.FlushNames(folder);
        }
    }
}
