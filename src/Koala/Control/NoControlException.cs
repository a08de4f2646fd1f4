using Koalarization.Koala.Commands;

namespace Koalarization.Koala.Control;

/// <summary>No control node answered; a later request may succeed.</summary>
internal sealed class NoControlException(string message) : UserErrorException(message);
