namespace Koalarization.Koala.Commands;

/// <summary>The two folders of a step, as the user wrote them.</summary>
/// <param name="Source">Exists.</param>
/// <param name="Output">Another folder than the source; need not exist yet.</param>
internal sealed record SourceAndOutput(string Source, string Output)
{
    /// <exception cref="UserErrorException">The source is missing, or both are one folder.</exception>
    public static SourceAndOutput Check(string source, string output)
    {
        if (source.Length == 0 || output.Length == 0)
        {
            throw new UserErrorException("a folder's name is empty; write . for the folder that you are in.", ExitCode.WrongUse);
        }

        if (!Directory.Exists(source))
        {
            string why = File.Exists(source) ? "is a file, not a folder" : "does not exist";
            throw new UserErrorException($"the source folder {source} {why}.");
        }

        if (string.Equals(Resolve(source), Resolve(output), StringComparison.Ordinal))
        {
            throw new UserErrorException($"{output} is the source folder itself; give another folder for the result.", ExitCode.WrongUse);
        }

        if (File.Exists(output))
        {
            throw new UserErrorException($"{output} is a file; give a folder for the result.");
        }

        return new SourceAndOutput(source, output);
    }

    private static string Resolve(string folder) =>
        Path.TrimEndingDirectorySeparator(
            Directory.Exists(folder)
                ? new DirectoryInfo(folder).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? Path.GetFullPath(folder)
                : Path.GetFullPath(folder));
}
