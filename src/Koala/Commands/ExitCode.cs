namespace Koalarization.Koala.Commands;

/// <summary>What a command tells the shell.</summary>
internal static class ExitCode
{
    /// <summary>All was done.</summary>
    public const int Done = 0;

    /// <summary>The work was done, but something was left out, and was named.</summary>
    public const int SomethingLeftOut = 1;

    /// <summary>The command was called wrongly.</summary>
    public const int WrongUse = 2;

    /// <summary>The work could not be done.</summary>
    public const int Failed = 3;

    /// <summary>The command was interrupted.</summary>
    public const int Interrupted = 130;
}
