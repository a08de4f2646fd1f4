using Koalarization.Dataset.Storage;

namespace Koalarization.Koala.Commands;

/// <summary>The source and the output folder of a step, as the user wrote them.</summary>
/// <param name="Source">Exists.</param>
/// <param name="Output">Another folder than the source; need not exist yet.</param>
internal sealed record SourceAndOutput(string Source, string Output)
{
    /// <exception cref="UserErrorException">The source is missing, or both are one folder.</exception>
    public static SourceAndOutput Check(string source, string output)
    {
        if (source.Length == 0 || output.Length == 0)
        {
            throw new UserErrorException("a folder name is empty; use . for the current folder.", ExitCode.UsageError);
        }

        if (!Directory.Exists(source))
        {
            string why = File.Exists(source) ? "is a file, not a folder" : "does not exist";
            throw new UserErrorException($"the source folder {source} {why}.");
        }

        if (string.Equals(Resolve(source), Resolve(output), StringComparison.Ordinal))
        {
            throw new UserErrorException($"the output folder {output} is the source folder; choose another one.", ExitCode.UsageError);
        }

        if (File.Exists(output))
        {
            throw new UserErrorException($"the output {output} is a file; choose a folder.");
        }

        return new SourceAndOutput(source, output);
    }

    /// <summary>Refuses the root of a data set as the folder of a step's results, which belong into one of its folders.</summary>
    /// <param name="output">The folder.</param>
    /// <param name="name">The name of that one.</param>
    /// <exception cref="UserErrorException">It is the root of a data set.</exception>
    public static void RefuseSetAsOutput(string output, string name)
    {
        if (File.Exists(Path.Combine(output, DataLayout.Job)))
        {
            throw new UserErrorException($"{output} is a data set, and koala run continues it; choose another folder (its own {name} are in {output.TrimEnd('/')}/{name}).");
        }
    }

    private static string Resolve(string folder) =>
        Path.TrimEndingDirectorySeparator(
            Directory.Exists(folder)
                ? new DirectoryInfo(folder).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? Path.GetFullPath(folder)
                : Path.GetFullPath(folder));
}
