using Koalarization.Koala.Commands;

namespace Koalarization.Koala.Control;

/// <summary>No control node could be asked; a later one may answer.</summary>
internal sealed class NoControlException(string message) : UserErrorException(message);
