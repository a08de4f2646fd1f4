using Koalarization.Dataset.Storage;
using Koalarization.Harvest.Links;

namespace Koalarization.Cluster.JobStorage;

/// <summary>
/// The lists and folders of pictures that jobs may name: those below some folders, and URLs. A control node reads them with its own account, for whoever may submit
/// jobs.
/// </summary>
/// <param name="folders">The folders; the store is one of them.</param>
internal sealed class AllowedSources(IReadOnlyList<string> folders)
{
    /// <summary>Why a source may not be read, in one sentence; null: it may. Never waits for the file, as a pipe would have it. Touches the disk.</summary>
    public string? FaultOf(string source)
    {
        if (LinkSource.IsUrl(source))
        {
            return null;
        }

        try
        {
            RegularFile.Refuse(source);
            return folders.Any(folder => RealPath.IsWithin(source, folder))
                ? null
                : $"{source} is in none of the folders that jobs' lists may be in ({string.Join(", ", folders)}); put it there, or start the control nodes with --sources.";
        }
        catch (IOException exception)
        {
            return $"{exception.Message.TrimEnd('.')}; a list is a file, a folder or a URL.";
        }
    }
}
