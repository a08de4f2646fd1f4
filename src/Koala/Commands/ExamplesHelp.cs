using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Koalarization.Koala.Commands;

/// <summary>The default help, followed by the command's examples.</summary>
internal sealed class ExamplesHelp(HelpAction defaultHelp) : SynchronousCommandLineAction
{
    public override bool Terminating => true;

    /// <summary>Adds examples to the help of the program and its commands.</summary>
    public static void AddTo(RootCommand program)
    {
        foreach (HelpOption option in program.Options.OfType<HelpOption>())
        {
            option.Action = new ExamplesHelp((HelpAction)option.Action!);
        }
    }

    public override int Invoke(ParseResult parseResult)
    {
        int code = defaultHelp.Invoke(parseResult);
        if (parseResult.CommandResult.Command is KoalaCommand { Examples.Count: > 0 } command)
        {
            TextWriter output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (string example in command.Examples)
            {
                output.WriteLine("  " + example);
            }

            output.WriteLine();
        }

        return code;
    }
}
