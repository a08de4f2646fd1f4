using System.CommandLine;
using Koalarization.Koala.Lifetime;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Commands;

/// <summary>Prints a shell completion script.</summary>
internal sealed class CompletionCommand : KoalaCommand
{
    private const string Bash =
        """
        _koala() {
          local IFS=$'\n'
          COMPREPLY=($(compgen -W "$(koala "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _koala koala
        """;

    private const string Zsh =
        """
        #compdef koala
        _koala() {
          local -a completions
          completions=("${(@f)$(koala "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)}")
          compadd -a completions
          _files
        }
        compdef _koala koala
        """;

    private const string Fish =
        """
        complete -c koala -a '(koala "[suggest:"(commandline -C)"]" (commandline) 2>/dev/null)'
        """;

    private readonly Argument<string> _shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish" }
        .OneOf("bash", "zsh", "fish");

    public CompletionCommand(TimeProvider time)
        : base("completion", "Print a shell completion script", time) => Add(_shell);

    public override IReadOnlyList<string> Examples =>
    [
        "koala completion bash > ~/.local/share/bash-completion/completions/koala",
        "koala completion fish > ~/.config/fish/completions/koala.fish",
    ];

    protected override Task<int> RunAsync(ParseResult arguments, IReporter reporter, CancellationToken cancellation)
    {
        StandardStreams.Output.WriteLine(arguments.GetValue(_shell) switch { "bash" => Bash, "zsh" => Zsh, _ => Fish });
        return Task.FromResult(ExitCode.Done);
    }
}
