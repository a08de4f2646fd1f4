using System.CommandLine;
using Koalarization.Cluster.Control;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Control;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Pbm;

/// <summary>
/// The commands of the command line that ask a cluster, as a palette: names, descriptions, arguments and what they print are those of the command line, which are
/// defined there and nowhere else. Arguments without a switch get one: <c>--job</c>.
/// </summary>
internal static class ControlPalette
{
    // What takes until a job ends is for the command line: an answer here is one text.
    private static readonly string[] LeftOut = ["--wait", "--watch", "--max-failures"];

    private static readonly Func<TimeProvider, ControlCommand>[] Commands =
    [
        time => new JobsCommand(time), time => new StatusCommand(time), time => new SubmitCommand(time), time => new CancelCommand(time),
        time => new NodesCommand(time), time => new DrainCommand(time), time => new EmbeddersCommand(time),
    ];

    /// <summary>The palette.</summary>
    /// <param name="control">The cluster.</param>
    /// <param name="time">The clock.</param>
    public static IReadOnlyList<PaletteCommand> Of(IControl control, TimeProvider time) => [.. Commands.Select(create => Of(create, control, time))];

    private static PaletteCommand Of(Func<TimeProvider, ControlCommand> create, IControl control, TimeProvider time)
    {
        ControlCommand command = create(time);
        PaletteArgument[] arguments = [.. command.Arguments.Select(Of), .. OptionsOf(command).Select(Of)];
        return new PaletteCommand(command.Name, command.Description!, arguments, given => RunAsync(create(time), given, control, time));
    }

    private static IEnumerable<Option> OptionsOf(ControlCommand command) =>
        command.Options.Except(command.AccessOptions).Where(option => !option.Hidden && !LeftOut.Contains(option.Name)).Append(CommonOptions.Json);

    private static PaletteArgument Of(Argument argument) =>
        new(argument.Name.ToLowerInvariant(), argument.Description!, argument.Arity.MinimumNumberOfValues > 0, [SwitchOf(argument)]);

    private static PaletteArgument Of(Option option) =>
        new(option.Name.TrimStart('-'), option.ValueType == typeof(bool) ? $"{option.Description} (true)" : option.Description!, option.Required, [option.Name, .. option.Aliases]);

    private static string SwitchOf(Argument argument) => "--" + argument.Name.ToLowerInvariant();

    private static async Task<PaletteAnswer> RunAsync(ControlCommand command, IReadOnlyList<(string Switch, string Value)> given, IControl control, TimeProvider time)
    {
        using var said = new StringWriter();
        try
        {
            var root = new RootCommand { command };
            root.Options.Add(CommonOptions.Json);
            ParseResult arguments = root.Parse(LineOf(command, given));
            if (arguments.Errors.Count > 0)
            {
                return new PaletteAnswer(IsError: true, string.Join('\n', arguments.Errors.Select(error => error.Message)));
            }

            await command.RunOnAsync(arguments, control, new LineReporter(said, said, arguments.GetValue(CommonOptions.Json), time), CancellationToken.None);
            return new PaletteAnswer(IsError: false, said.ToString().TrimEnd());
        }
#pragma warning disable CA1031 // Whatever it is, the operator is told.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return new PaletteAnswer(IsError: true, ShownText.Of(Failure.Explain(exception, CancellationToken.None).Sentence));
        }
    }

    // As one would type it; what follows -- is a value, whatever it begins with.
    private static List<string> LineOf(ControlCommand command, IReadOnlyList<(string Switch, string Value)> given)
    {
        List<string> options = [command.Name], values = [];
        foreach (Argument argument in command.Arguments)
        {
            values.AddRange(given.Where(each => each.Switch == SwitchOf(argument)).Select(each => each.Value));
        }

        foreach ((string name, string value) in given.Where(each => !command.Arguments.Any(argument => SwitchOf(argument) == each.Switch)))
        {
            if (!OptionsOf(command).Any(option => option.Name == name || option.Aliases.Contains(name)))
            {
                throw new UserErrorException($"{name} is not an argument of {command.Name}.", ExitCode.UsageError);
            }

            options.AddRange([name, value]);
        }

        return [.. options, "--", .. values];
    }
}
