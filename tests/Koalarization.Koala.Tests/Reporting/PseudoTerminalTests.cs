using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Koalarization.Koala.Tests.Reporting;

/// <summary>The product in a real terminal, of util-linux's script; what it draws is drawn again by <see cref="TerminalScreen"/>.</summary>
public sealed class PseudoTerminalTests : IDisposable
{
    private static readonly string Koala = Path.GetFullPath(
        typeof(PseudoTerminalTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "KoalaExecutable").Value!);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(60)]
    [InlineData(120)]
    public async Task A_run_draws_its_block_in_one_place_and_leaves_the_screen_clean(int columns)
    {
        (string drawn, int code) = await InTerminalAsync(columns, $"exec {Koala} run {Golden.PathOf("pictures")} set --device simulated:20 -c random:0 -b 20");

        // A frame ends with the escape that clears what is below it.
        string[] frames = [.. drawn.Split("\e[J").Where(frame => frame.Contains("resized ", StringComparison.Ordinal))];
        Assert.True(frames.Length > 5, drawn);
        Assert.All(frames, frame => Assert.Equal(["files", "resized", "records", "kept"], Names(frame)));
        var screen = new TerminalScreen(columns, 24);
        screen.Write(drawn);
        Assert.Equal(0, code);
        Assert.True(screen.Colours > 0);
        Assert.DoesNotContain(screen.Scrolled.Concat(screen.Lines), line => line.Contains('█') || line.StartsWith("kept ", StringComparison.Ordinal));
        Assert.Contains(screen.Scrolled.Concat(screen.Lines), line => line.StartsWith("set has ", StringComparison.Ordinal));
        Assert.Equal(0, screen.Cursor.Column);
    }

    [Fact]
    public async Task Without_colours_there_are_none_and_a_dumb_terminal_gets_no_escape()
    {
        (string plain, _) = await InTerminalAsync(80, $"NO_COLOR=1 exec {Koala} run {Golden.PathOf("pictures")} set --device simulated:20 -c random:0 -b 20");
        Assert.Contains("\e[J", plain, StringComparison.Ordinal);
        Assert.DoesNotContain("m", string.Concat(plain.Split('\e').Skip(1).Select(part => part.FirstOrDefault(char.IsAsciiLetter))), StringComparison.Ordinal);

        (string dumb, _) = await InTerminalAsync(80, $"TERM=dumb exec {Koala} verify set");
        Assert.DoesNotContain("\e", dumb, StringComparison.Ordinal);
        Assert.Contains("no problems", dumb, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Names(string frame) =>
        Regex.Replace(frame, "\\e\\[[0-9;]*[A-Za-z]", "", RegexOptions.NonBacktracking).Split('\n').Select(line => line.Trim().Split(' ')[0]).Where(name => name is "files" or "resized" or "records" or "kept");

    private async Task<(string Drawn, int Code)> InTerminalAsync(int columns, string line)
    {
        var start = new ProcessStartInfo("script", ["-qec", $"stty cols {columns} rows 24; cd {_folder.Path}; {line}", "/dev/null"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardOutputEncoding = System.Text.Encoding.UTF8,
        };
        start.Environment["TERM"] = "xterm";
        start.Environment["LC_ALL"] = "C.UTF-8";
        start.Environment.Remove("NO_COLOR");
        using Process process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        string drawn = await process.StandardOutput.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);
        return (drawn, process.ExitCode);
    }
}
