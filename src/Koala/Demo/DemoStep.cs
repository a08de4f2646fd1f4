namespace Koalarization.Koala.Demo;

/// <summary>A command that the demo ran.</summary>
/// <param name="Command">As a user would type it.</param>
/// <param name="Start">When it started, since the demo began.</param>
/// <param name="Took">How long it ran.</param>
/// <param name="ExitCode">Null: it was killed.</param>
/// <param name="Pictures">The resized pictures when it ended.</param>
internal sealed record DemoStep(string Command, TimeSpan Start, TimeSpan Took, int? ExitCode, int Pictures);
