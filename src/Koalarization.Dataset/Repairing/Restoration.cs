using Koalarization.Dataset.Storage;

namespace Koalarization.Dataset.Repairing;

/// <summary>
/// Puts restored contents under their names, whole or not at all. What had the name before and is wanted under another one is kept aside first, durably,
/// so that a repair that is killed loses nothing: the next one looks there too.
/// </summary>
/// <param name="store">The data set or folder, locked, with a temporary space.</param>
public sealed class Restoration(FileDataStore store)
{
    /// <summary>Where contents are kept that are about to lose their wrong names.</summary>
    public const string Aside = DataLayout.State + "/repair";

    private readonly Lock _gate = new();

    /// <summary>Gives a content its name in place of what has it.</summary>
    /// <param name="draft">The content, whose hash was compared.</param>
    /// <param name="name">Its name.</param>
    /// <param name="wantedElsewhere">The hash of what has the name now, if that is wanted under another one; else null.</param>
    /// <returns>The new name of a folder that was in the way; null: there was none, or an empty one.</returns>
    public string? Put(IDraft draft, string name, string? wantedElsewhere)
    {
        store.Flush([draft]);
        if (wantedElsewhere is not null)
        {
            store.PublishAlso(name, $"{Aside}/{wantedElsewhere}");
            store.FlushNames(Aside);
        }

        string? moved = MakeWay(name);
        store.Replace(draft, name);
        store.FlushNames(Path.GetDirectoryName(name)!);
        return moved;
    }

    /// <summary>Removes what was kept aside: everything that was wanted has its name.</summary>
    public void End() => store.RemoveFolder(Aside);

    private string? MakeWay(string name)
    {
        string path = store.PathOf(name);
        if (!Directory.Exists(path) || new DirectoryInfo(path).LinkTarget is not null)
        {
            return null;
        }

        store.RemoveEmptyFolder(name);
        lock (_gate)
        {
            for (int number = 1; Directory.Exists(path); number++)
            {
                string aside = number == 1 ? $"{name}.aside" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{name}.aside.{number}");
                int error = Posix.RenameNoReplace(path, store.PathOf(aside));
                if (error == 0)
                {
                    return aside;
                }

                if (error != Posix.AlreadyExists)
                {
                    throw Posix.Failed("rename", path, error);
                }
            }
        }

        return null;
    }
}
