namespace Koalarization.Koala.Commands;

/// <summary>A command cannot continue for a reason that the user can fix; the message is one sentence that says how.</summary>
internal class UserErrorException(string message, int exitCode = ExitCode.Failed) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
