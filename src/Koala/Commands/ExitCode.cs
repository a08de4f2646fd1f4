namespace Koalarization.Koala.Commands;

/// <summary>The exit codes of the commands; <c>koala node</c> has its own.</summary>
internal static class ExitCode
{
    /// <summary>The work is done.</summary>
    public const int Done = 0;

    /// <summary>The work is done, but some items were left out; each is reported.</summary>
    public const int Incomplete = 1;

    /// <summary>The command line is invalid.</summary>
    public const int UsageError = 2;

    /// <summary>The work could not be done; one sentence says why.</summary>
    public const int Failed = 3;

    /// <summary>The command was interrupted.</summary>
    public const int Interrupted = 130;

    /// <summary>The command was ended by Ctrl-\ (SIGQUIT).</summary>
    public const int Quit = 131;

    /// <summary>The reader of standard output is gone (<c>| head</c>); as of programs that SIGPIPE ends.</summary>
    public const int ClosedPipe = 141;
}
