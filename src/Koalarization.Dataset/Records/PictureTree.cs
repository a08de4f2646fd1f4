using System.IO.Enumeration;
using System.Text;
using Koalarization.Dataset.Storage;

namespace Koalarization.Dataset.Records;

/// <summary>
/// The pictures of a folder and of the folders below it. A picture's name is its path below the folder, with <c>%2F</c> for each slash (and <c>%25</c> for each
/// percent sign): <c>n01440764%2Fx.JPEG</c>. What lies in the folder itself keeps its name.
/// </summary>
internal static class PictureTree
{
    private const string Slash = "%2F";
    private const string EscapedSlash = "%252F";
    private const int MaxNameBytes = 255;

    // What other programs leave: of archivers, of network disks, of recycle bins.
    private static readonly HashSet<string> OthersFolders = new(StringComparer.OrdinalIgnoreCase) { "__MACOSX", "@eaDir", "#recycle", "$RECYCLE.BIN", "lost+found" };

    /// <summary>The pictures' names, as a stream, in whatever order the file system has them.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="skipped">Gets what is no picture although it looks like one.</param>
    public static IEnumerable<string> Enumerate(string folder, SkippedFiles skipped)
    {
        var open = new Stack<Folder>();
        open.Push(new Folder(folder, "", Posix.IdentityOf(folder), Parent: null));
        bool isFlat = File.Exists(Path.Combine(folder, DataLayout.Job));
        while (open.TryPop(out Folder? here))
        {
            foreach ((string name, bool isFolder) in EntriesOf(here, skipped) ?? Enumerable.Empty<(string, bool)>())
            {
                string path = Path.Combine(here.Path, name);
                if (isFolder)
                {
                    if (!isFlat && Enter(here, path, here.Below + name, skipped) is Folder inner)
                    {
                        open.Push(inner);
                    }
                }
                else if (PictureFolder.IsPicture(name) && NameOf(here, name, path, skipped) is string picture)
                {
                    yield return picture;
                }
            }
        }
    }

    /// <summary>The path of a picture below its folder, by its name.</summary>
    public static string PathOf(string name) =>
        name.Contains(Slash, StringComparison.Ordinal) || name.Contains(EscapedSlash, StringComparison.Ordinal)
            ? name.Replace(Slash, "/", StringComparison.Ordinal).Replace("%25", "%", StringComparison.Ordinal)
            : name;

    private static FileSystemEnumerable<(string Name, bool IsFolder)>? EntriesOf(Folder folder, SkippedFiles skipped)
    {
        try
        {
            return new FileSystemEnumerable<(string Name, bool IsFolder)>(
                folder.Path, (ref entry) => (entry.FileName.ToString(), entry.IsDirectory), new EnumerationOptions { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false });
        }
        catch (UnauthorizedAccessException) when (folder.Parent is not null)
        {
            skipped.Add(folder.Below, "that may not be read");
            return null;
        }
    }

    private static string? NameOf(Folder folder, string name, string path, SkippedFiles skipped)
    {
        if (name.StartsWith('.'))
        {
            skipped.Add(folder.Below + name, "hidden");
            return null;
        }

        // .NET has this letter for bytes that are no UTF-8, and cannot open such a file.
        if (name.Contains('\uFFFD') && !File.Exists(path))
        {
            skipped.Add(folder.Below + name, "whose name is not UTF-8, so that it cannot be opened: rename it, for example with convmv");
            return null;
        }

        string below = folder.IsFanOf(name) ? name : folder.Below + name;
        bool isEscaped = below.Contains('/', StringComparison.Ordinal) || PathOf(below) != below;
        string picture = isEscaped ? below.Replace("%", "%25", StringComparison.Ordinal).Replace("/", Slash, StringComparison.Ordinal) : below;
        if (Encoding.UTF8.GetByteCount(picture) > MaxNameBytes)
        {
            skipped.Add(below, $"whose path is longer than {MaxNameBytes} bytes");
            return null;
        }

        return picture;
    }

    private static Folder? Enter(Folder parent, string path, string below, SkippedFiles skipped)
    {
        string name = Path.GetFileName(path);
        if ((name.StartsWith('.') ? "hidden"
            : OthersFolders.Contains(name) ? "of other programs"
            : Directory.Exists(Path.Combine(path, DataLayout.State)) ? "that koala made" : null) is string reason)
        {
            // Its own state is nothing to tell of.
            if (name != DataLayout.State)
            {
                skipped.Add(below, reason);
            }

            return null;
        }

        var folder = new Folder(path, below + "/", Posix.IdentityOf(path), parent);
        if (folder.IsInItself)
        {
            skipped.Add(below, "that is a link to a folder around it");
            return null;
        }

        return folder;
    }

    private sealed record Folder(string Path, string Below, (ulong Device, ulong File)? Identity, Folder? Parent)
    {
        public bool IsInItself
        {
            get
            {
                for (Folder? around = Parent; around is not null; around = around.Parent)
                {
                    if (Identity is not null && around.Identity == Identity)
                    {
                        return true;
                    }
                }

                return false;
            }
        }

        /// <summary>Whether it has these pictures of its parent by the first two digits of their names.</summary>
        public bool IsFanOf(string picture) =>
            Parent is { Parent: null } && Below.Length == 3 && picture.StartsWith(Below[..2], StringComparison.Ordinal) && Below[..2].All(char.IsAsciiHexDigitLower);
    }
}
