namespace Koalarization.Cluster.Control;

/// <summary>A command that operators have beside the command line and HTTP, in a palette of a tool of theirs.</summary>
/// <param name="Name">Its name: <c>status</c>.</param>
/// <param name="Description">What it does, in a line.</param>
/// <param name="Arguments">Its arguments, each with a value.</param>
/// <param name="RunAsync">Runs it with switches and their values; it never throws.</param>
public sealed record PaletteCommand(
    string Name, string Description, IReadOnlyList<PaletteArgument> Arguments, Func<IReadOnlyList<(string Switch, string Value)>, Task<PaletteAnswer>> RunAsync);

/// <summary>An argument of a <see cref="PaletteCommand"/>.</summary>
/// <param name="Name">Its name: <c>job</c>.</param>
/// <param name="Description">What it is, in a line.</param>
/// <param name="IsMandatory">Whether it must be given.</param>
/// <param name="Switches">What it is given with: <c>--job</c>.</param>
public sealed record PaletteArgument(string Name, string Description, bool IsMandatory, IReadOnlyList<string> Switches);

/// <summary>What a <see cref="PaletteCommand"/> says.</summary>
/// <param name="IsError">Whether it failed.</param>
/// <param name="Text">Lines.</param>
public sealed record PaletteAnswer(bool IsError, string Text);
