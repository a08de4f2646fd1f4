using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Koalarization.Koala.Commands;

/// <summary>The usual help, and after it the command's examples.</summary>
internal sealed class ExamplesHelp(HelpAction usual) : SynchronousCommandLineAction
{
    public override bool Terminating => true;

    /// <summary>Puts the examples into the help of a program and all its commands.</summary>
    public static void AddTo(RootCommand program)
    {
        foreach (HelpOption option in program.Options.OfType<HelpOption>())
        {
            option.Action = new ExamplesHelp((HelpAction)option.Action!);
        }
    }

    public override int Invoke(ParseResult parseResult)
    {
        int code = usual.Invoke(parseResult);
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
