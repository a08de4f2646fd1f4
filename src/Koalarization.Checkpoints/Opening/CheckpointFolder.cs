using System.Text.RegularExpressions;
using Koalarization.Checkpoints.Bytes;
using Koalarization.Checkpoints.Tables;

namespace Koalarization.Checkpoints.Opening;

/// <summary>The one checkpoint that a folder means.</summary>
internal static partial class CheckpointFolder
{
    private const string StateFile = "checkpoint";
    private const int MaxStateFileBytes = 1 << 20;

    /// <summary>What the <c>checkpoint</c> file names; without one, the only checkpoint inside.</summary>
    public static CheckpointFiles Find(string folder)
    {
        string state = Path.Combine(folder, StateFile);
        if (File.Exists(state) && new FileInfo(state).Length <= MaxStateFileBytes && ReadStateFile(File.ReadAllText(state)) is string named)
        {
            // An absolute path may be from before the folder was moved.
            return CheckpointFiles.TryFind(Path.Combine(folder, named))
                ?? CheckpointFiles.TryFind(Path.Combine(folder, Path.GetFileName(named)))
                ?? throw new CheckpointException(CheckpointCheck.Missing, state, null, $"the file names '{named}', which is not there");
        }

        CheckpointFiles[] found = [.. List(folder)];
        return found switch
        {
            [CheckpointFiles only] => only,
            [] => throw new CheckpointException(CheckpointCheck.Missing, folder, null, "the folder holds no checkpoint"),
            _ => throw new CheckpointException(
                CheckpointCheck.Ambiguous, folder, null, $"the folder holds {found.Length} checkpoints ({string.Join(", ", found.Take(4).Select(f => Path.GetFileName(f.Prefix)))}), so name one"),
        };
    }

    /// <summary>The value of <c>model_checkpoint_path</c> in a <c>checkpoint</c> file (CheckpointState in text form); null without one.</summary>
    internal static string? ReadStateFile(string text)
    {
        Match match = ModelPath().Match(text);
        return match.Success ? Escape().Replace(match.Groups["path"].Value, "${character}") : null;
    }

    private static IEnumerable<CheckpointFiles> List(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
        {
            if (file.EndsWith(".index", StringComparison.Ordinal) || CheckpointFiles.FirstShard().IsMatch(Path.GetFileName(file)))
            {
                yield return CheckpointFiles.TryFind(file)!;
            }
            else if (!CheckpointFiles.PartName().IsMatch(file) && IsTable(file))
            {
                yield return new CheckpointFiles(file, null, [file]);
            }
        }
    }

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

    [GeneratedRegex("""^\s*model_checkpoint_path:\s*"(?<path>([^"\\]|\\.)+)"\s*$""", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex ModelPath();

    [GeneratedRegex(@"\\(?<character>.)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Escape();
}
