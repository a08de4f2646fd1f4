namespace Koalarization.Integration;

/// <summary>Standard streams that are missing, full or closed.</summary>
public sealed class StandardStreamTests : IDisposable
{
    private const string Run = "run pictures data --device simulated";

    private readonly TemporaryFolder _folder = new();

    public StandardStreamTests()
    {
        string pictures = Directory.CreateDirectory(_folder["pictures"]).FullName;
        foreach (string file in Directory.GetFiles(Golden.PathOf("resized_299x299/files")).Take(3))
        {
            File.Copy(file, Path.Combine(pictures, Path.GetFileName(file)));
        }
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("<&-")]
    [InlineData(">&-")]
    [InlineData("2>&-")]
    [InlineData("<&- >&- 2>&-")]
    public async Task A_run_without_standard_streams_makes_its_set(string closed)
    {
        KoalaRun run = await KoalaProcess.RunShellAsync(_folder.Path, $"timeout 60 $KOALA {Run} {closed}");
        Assert.Equal(0, run.ExitCode);
        Assert.True(File.Exists(_folder["data/dataset.json"]));
    }

    [Fact]
    public async Task A_missing_standard_input_is_an_empty_list()
    {
        KoalaRun run = await KoalaProcess.RunShellAsync(_folder.Path, "timeout 60 $KOALA run - data --until resize <&-");
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("- has no link in it", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("completion bash")]
    [InlineData("--help")]
    [InlineData("resize --help")]
    [InlineData(Run)]
    [InlineData(Run + " --json")]
    public async Task A_full_standard_output_is_not_called_a_full_disk(string words)
    {
        KoalaRun run = await KoalaProcess.RunShellAsync(_folder.Path, $"$KOALA {words} >/dev/full");
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("koala: standard output cannot be written: No space left on device.", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("completion bash")]
    [InlineData(Run)]
    [InlineData(Run + " --json")]
    public async Task A_reader_that_goes_away_ends_the_program_without_a_word(string words)
    {
        KoalaRun run = await KoalaProcess.RunShellAsync(_folder.Path, $"(sleep 1; exec $KOALA {words}) | true; exit ${{PIPESTATUS[0]}}");
        Assert.Equal(141, run.ExitCode);
        Assert.DoesNotContain("koala:", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_standard_error_that_is_full_ends_nothing()
    {
        KoalaRun run = await KoalaProcess.RunShellAsync(_folder.Path, $"$KOALA {Run} 2>/dev/full");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("3 pictures", run.Output, StringComparison.Ordinal);
    }
}
