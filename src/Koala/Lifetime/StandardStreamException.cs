using System.Runtime.InteropServices;

namespace Koalarization.Koala.Lifetime;

/// <summary>A standard stream cannot be written.</summary>
internal sealed class StandardStreamException(int error)
    : IOException($"standard output cannot be written: {Marshal.GetPInvokeErrorMessage(error)}.")
{
    private const int BrokenPipe = 32;

    /// <summary>Whether its reader is gone (<c>| head</c>): the command ends without a word.</summary>
    public bool IsClosedPipe => error == BrokenPipe;
}
