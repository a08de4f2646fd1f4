using Koalarization.Koala.Commands;

namespace Koalarization.Koala.Lifetime;

/// <summary>What comes before everything else: the standard streams, and room for the program's own files.</summary>
internal static class Start
{
    /// <summary>Runs the program. Its libraries are loaded when <paramref name="program"/> is called, not before.</summary>
    public static async Task RunAsync(Func<Task> program)
    {
        StandardStreams.Open();
        if (OpenFiles.ShortageOf(OpenFiles.ForAnyCommand, "the program") is string shortage)
        {
            await Console.Error.WriteLineAsync($"koala: {shortage}");
            ProcessEnd.With(ExitCode.Failed);
        }

        ProcessEnd.KeepTerminal();
        await program();
    }
}
