namespace Koalarization.Koala.Commands;

/// <summary>A command cannot go on for a reason that its user can mend; the message is one sentence that says how.</summary>
internal class UserErrorException(string message, int exitCode = ExitCode.Failed) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
