using Koalarization.Dataset.Repairing;
using Koalarization.Dataset.State;
using Koalarization.Dataset.Storage;

namespace Koalarization.Dataset.Verifying;

/// <summary>Names what lies in a data set and nothing refers to: pictures without a row, temporary spaces, files of others.</summary>
internal sealed class StrayCheck(Inspection inspection)
{
    private static readonly string[] StateNames =
        ["job.json", "network.json", "rounds", "plan", "fetched", "slices", "records", "losses", "tmp", "lock", "owner", "repair"];

    /// <summary>Names pictures that have no row.</summary>
    public void Pictures(JobParameters job, NameSet kept, CancellationToken cancellation)
    {
        foreach (string folder in (string[])[DataLayout.Originals, DataLayout.Resized])
        {
            foreach (string name in inspection.Store.List(folder))
            {
                cancellation.ThrowIfCancellationRequested();
                if (!job.FansOut)
                {
                    Picture(folder, name, kept);
                    continue;
                }

                foreach (string picture in inspection.Store.List($"{folder}/{name}"))
                {
                    Picture($"{folder}/{name}", picture, kept);
                }
            }
        }
    }

    /// <summary>Names what is in the state folder and should not be.</summary>
    public void State(IReadOnlyCollection<string>? known = null)
    {
        foreach (string name in inspection.Store.List(DataLayout.State).Where(name => !(known ?? StateNames).Contains(name)))
        {
            inspection.Add(FindingKind.Foreign, $"{DataLayout.State}/{name}", "is nothing that this program keeps there");
        }

        foreach (string content in inspection.Store.List(Restoration.Aside))
        {
            inspection.Add(FindingKind.Temporary, $"{Restoration.Aside}/{content}", "is left of a repair that was killed; the next koala repair uses and removes it");
        }

        foreach (string space in inspection.Store.List(DataLayout.Temporary))
        {
            inspection.Add(FindingKind.Temporary, $"{DataLayout.Temporary}/{space}", "is in use by a running koala, or left of a killed one");
        }
    }

    private void Picture(string folder, string name, NameSet kept)
    {
        if (name != DataLayout.State && !kept.Contains(name))
        {
            inspection.Add(FindingKind.Orphan, $"{folder}/{name}", "has no row that keeps it");
        }
    }
}
