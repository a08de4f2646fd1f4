namespace Koalarization.Integration;

/// <summary>Help, as people read it in a terminal.</summary>
public sealed class HelpTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, int> CommandsAndWidths
    {
        get
        {
            var rows = new TheoryData<string, int>();
            foreach (string command in (string[])["", "run", "node", "lab-batch", "submit", "compress"])
            {
                foreach (int width in (int[])[60, 80, 120])
                {
                    rows.Add(command, width);
                }
            }

            return rows;
        }
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(CommandsAndWidths))]
    public async Task No_line_is_wider_than_the_terminal(string command, int width)
    {
        string help = await HelpAsync(width, command.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.All(help.Split('\n'), line => Assert.InRange(line.Length, 0, width));
    }

    [Theory]
    [InlineData("run", "Input:", "Steps and rounds:", "Fetching:", "Pictures:", "Network:", "Records:", "Output:", "Examples:")]
    [InlineData("download", "Input:", "Fetching:", "Pictures:", "Output:", "Examples:")]
    [InlineData("node", "Node:", "Fetching:", "Pictures:", "Network:", "Output:", "Examples:")]
    [InlineData("submit", "Input:", "Steps and rounds:", "Fetching:", "Pictures:", "Network:", "Records:", "Output:", "Examples:")]
    [InlineData("lab-batch", "Steps and rounds:", "Pictures:", "Network:", "Records:", "Output:", "Examples:")]
    public async Task Options_are_under_headings_in_one_order(string command, params string[] headings)
    {
        string help = await HelpAsync(80, command);
        Assert.Equal(headings, help.Split('\n').Where(line => line.EndsWith(':') && !line.StartsWith(' ')).Except(["Usage:", "Arguments:"]));
    }

    [Theory]
    [InlineData("run", "-c, --checkpoint", "-c is the count in download")]
    [InlineData("download", "-c, --count", "-c is the checkpoint in run")]
    public async Task Help_says_what_a_short_option_is_here_and_elsewhere(string command, string here, string elsewhere)
    {
        string help = string.Join(' ', (await HelpAsync(120, command)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(here, help, StringComparison.Ordinal);
        Assert.Contains(elsewhere, help, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_example_that_is_cut_in_lines_can_be_copied_into_a_shell()
    {
        string[] lines = (await HelpAsync(60, "node")).Split('\n');
        int first = Array.FindIndex(lines, line => line.StartsWith("  koala node --roles embed,write", StringComparison.Ordinal));
        Assert.EndsWith(" \\", lines[first], StringComparison.Ordinal);
        Assert.StartsWith("    --", lines[first + 1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_of_a_command_is_had_by_the_word_too()
    {
        KoalaRun run = await KoalaProcess.RunAsync(_folder.Path, "help", "verify");
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Contains("koala verify DATA [OPTIONS]", run.Output, StringComparison.Ordinal);
    }

    private async Task<string> HelpAsync(int width, params string[] words)
    {
        KoalaRun run = await KoalaProcess.RunAsync(_folder.Path, new Dictionary<string, string> { ["COLUMNS"] = $"{width}" }, [.. words, "--help"]);
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        return run.Output;
    }
}
