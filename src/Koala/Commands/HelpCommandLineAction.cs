using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Globalization;

namespace Koalarization.Koala.Commands;

/// <summary>Prints the help of a command, as wide as the terminal.</summary>
internal sealed class HelpCommandLineAction(RootCommand program) : SynchronousCommandLineAction
{
    private const int DefaultWidth = 80;
    private const int LeastWidth = 40;

    // Longer lines are hard to read.
    private const int LargestWidth = 120;

    public override bool Terminating => true;

    /// <summary>Replaces the parser's own help.</summary>
    public static void AddTo(RootCommand program)
    {
        foreach (HelpOption option in program.Options.OfType<HelpOption>())
        {
            option.Description = "Show this help";
            option.Action = new HelpCommandLineAction(program);
        }
    }

    public override int Invoke(ParseResult parseResult)
    {
        Command command = parseResult.CommandResult.Command;
        parseResult.InvocationConfiguration.Output.Write(HelpText.Of(command, command == program ? null : program, Width()));
        return ExitCode.Done;
    }

    private static int Width()
    {
        int width = int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), NumberStyles.None, CultureInfo.InvariantCulture, out int columns) && columns > 0 ? columns
            : Console.IsOutputRedirected ? DefaultWidth
            : Console.WindowWidth;
        return Math.Clamp(width, LeastWidth, LargestWidth);
    }
}
