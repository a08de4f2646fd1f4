namespace Koalarization.Koala.Lifetime;

/// <summary>What comes before everything else: the standard streams, and room for the program's own files.</summary>
internal static class Start
{
    private const int Failed = 3;

    /// <summary>Runs the program. Its libraries are loaded when <paramref name="program"/> is called, not before.</summary>
    public static async Task RunAsync(Func<Task> program)
    {
        StandardStreams.Open();
        if (OpenFiles.Limit < OpenFiles.ForAnyCommand)
        {
            await Console.Error.WriteLineAsync(
                $"koala: only {OpenFiles.Limit} files may be open at once, and the program needs {OpenFiles.ForAnyCommand} for itself; raise the limit, for example with 'ulimit -n 4096'.");
            ProcessEnd.With(Failed);
        }

        ProcessEnd.KeepTerminal();
        await program();
    }

}
