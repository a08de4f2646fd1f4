using System.CommandLine;

namespace Koalarization.Koala.Commands;

/// <summary>
/// An argument that is a path. <c>LINK/../set</c> is taken as the operating system takes it, which follows the link first; .NET would shorten it as text.
/// </summary>
internal sealed class PathArgument : Argument<string>
{
    public PathArgument(string name)
        : base(name) => CustomParser = result => result.Tokens is [{ Value: string path }, ..] ? Physical(path) : null;

    /// <summary>The path, without parts that lead back over a link; as it was written where it has none.</summary>
    internal static string Physical(string path)
    {
        if (!path.Split('/').Contains("..", StringComparer.Ordinal) || path.Contains("://", StringComparison.Ordinal))
        {
            return path;
        }

        try
        {
            return OverLinks(path) ?? path;
        }
        catch (IOException)
        {
            // A link that leads to itself: opening the path says so.
            return path;
        }
    }

    private static string? OverLinks(string path)
    {
        string full = Path.IsPathRooted(path) ? "/" : Directory.GetCurrentDirectory();
        bool wasLink = false;
        foreach (string part in path.Split('/').Where(part => part is not ("" or ".")))
        {
            if (part != "..")
            {
                full = Path.Combine(full, part);
                continue;
            }

            if (new DirectoryInfo(full).ResolveLinkTarget(returnFinalTarget: true) is FileSystemInfo target)
            {
                wasLink = true;
                full = Path.TrimEndingDirectorySeparator(target.FullName);
            }

            full = Path.GetDirectoryName(full) ?? "/";
        }

        return wasLink ? full : null;
    }
}
