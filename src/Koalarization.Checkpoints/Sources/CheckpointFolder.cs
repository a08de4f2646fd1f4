using System.Text.RegularExpressions;
using Koalarization.Checkpoints.Binary;
using Koalarization.Checkpoints.Tables;

namespace Koalarization.Checkpoints.Sources;

/// <summary>The one checkpoint that a folder means.</summary>
internal static partial class CheckpointFolder
{
    public const string StateFile = "checkpoint";

    private const int MaxStateFileBytes = 1 << 20;

    /// <summary>What the <c>checkpoint</c> file names; without one, the only checkpoint inside.</summary>
    public static CheckpointFiles Find(string folder)
    {
        try
        {
            return Named(folder) ?? Only(folder);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new CheckpointException(CheckpointCheck.Missing, folder, null, "the folder cannot be read", e);
        }
    }

    /// <summary>Every checkpoint of which a folder holds the leading file.</summary>
    public static IEnumerable<CheckpointFiles> List(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
        {
            Match part = CheckpointFiles.PartName().Match(file);
            bool leads = part.Success ? part.Groups["shard"].Value is "" or "00000" && !part.Groups["data"].Success : IsTable(file);
            if (leads)
            {
                yield return CheckpointFiles.TryFind(file)!;
            }
        }
    }

    /// <summary>The value of <c>model_checkpoint_path</c> in a <c>checkpoint</c> file (CheckpointState in text form); null without one.</summary>
    internal static string? ReadStateFile(string text)
    {
        Match match = ModelPath().Match(text);
        return match.Success ? Escape().Replace(match.Groups["path"].Value, "${character}") : null;
    }

    private static CheckpointFiles? Named(string folder)
    {
        string state = Path.Combine(folder, StateFile);
        if (!File.Exists(state) || new FileInfo(state).Length > MaxStateFileBytes || ReadStateFile(File.ReadAllText(state)) is not string named)
        {
            return null;
        }

        // An absolute path may be from before the folder was moved.
        return CheckpointFiles.TryFind(Path.Combine(folder, named))
            ?? CheckpointFiles.TryFind(Path.Combine(folder, Path.GetFileName(named)))
            ?? throw new CheckpointException(CheckpointCheck.Missing, state, null, $"the file names '{named}', which is not there");
    }

    private static CheckpointFiles Only(string folder)
    {
        CheckpointFiles[] found = [.. List(folder)];
        return found switch
        {
            [CheckpointFiles only] => only,
            [] => throw new CheckpointException(CheckpointCheck.Missing, folder, null, "the folder holds no checkpoint"),
            _ => throw new CheckpointException(
                CheckpointCheck.Ambiguous, folder, null, $"the folder holds several checkpoints, so name one of them ({Names(found)})"),
        };
    }

    private static string Names(CheckpointFiles[] found) => string.Join(", ", found.Take(4).Select(files => Path.GetFileName(files.Prefix)));

    private static bool IsTable(string file)
    {
        try
        {
            using ByteSource source = MappedFile.Open(file);
            return Table.HasMagic(source);
        }
        catch (CheckpointException)
        {
            return false;
        }
    }

    [GeneratedRegex(
        """^\s*model_checkpoint_path:\s*"(?<path>([^"\\]|\\.)+)"\s*$""",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex ModelPath();

    [GeneratedRegex(@"\\(?<character>.)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Escape();
}
