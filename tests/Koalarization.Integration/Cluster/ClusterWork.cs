using Koalarization.Integration.Runs;

namespace Koalarization.Integration.Cluster;

/// <summary>One list of links as a cluster's test uses it, with the set that an undisturbed <c>koala run</c> makes of it.</summary>
internal sealed class ClusterWork(TemporaryFolder folder, int batchSize)
{
    /// <summary>What <c>run</c> and <c>submit</c> are both told.</summary>
    private string[] Options => ["--batch-size", $"{batchSize}"];

    /// <summary>The list, where everyone sees it.</summary>
    public string List => folder["links.txt"];

    /// <summary>Writes the list.</summary>
    public ClusterWork With(IEnumerable<string> links)
    {
        File.WriteAllLines(List, links);
        return this;
    }

    /// <summary>The words of <c>submit</c> for a data set.</summary>
    public string[] Submitting(string data) => [List, data, "--image-name-prefix", "data/resized/", .. Options];

    /// <summary>The set of an undisturbed run with <c>--allow-private</c>.</summary>
    public Task<SortedDictionary<string, string>> ExpectedAsync() => ExpectedAsync("alone", "--allow-private");

    /// <summary>The set of an undisturbed run in a folder of its own.</summary>
    public async Task<SortedDictionary<string, string>> ExpectedAsync(string name, params string[] options)
    {
        string alone = Directory.CreateDirectory(folder[name]).FullName;
        KoalaRun run = await KoalaProcess.RunAsync(alone, ["run", List, "data", "--device", "simulated", "--json", .. Options, .. options]);
        Assert.True(run.ExitCode is 0 or 1, run.Output + run.Errors);
        return ResultsOf(Path.Combine(alone, "data"));
    }

    /// <summary>What is compared of a set.</summary>
    public static SortedDictionary<string, string> ResultsOf(string data)
    {
        SortedDictionary<string, string> files = Tree.OfResults(data);
        files["dataset.json"] = File.ReadAllText(Path.Combine(data, "dataset.json"));
        return files;
    }

    /// <summary>A cluster's set is the expected one, whole, and nothing temporary is left.</summary>
    public static async Task AssertSameAsync(SortedDictionary<string, string> expected, string data)
    {
        SortedDictionary<string, string> made = ResultsOf(data);
        Assert.Equal([], expected.Except(made).Select(file => $"not made, or otherwise: {file}").Concat(made.Except(expected).Select(file => $"made: {file}")));
        Assert.Empty(Tree.Temporary(data));
        KoalaRun verified = await KoalaProcess.RunAsync(Path.GetDirectoryName(data)!, "verify", data, "--json");
        Assert.True(verified.ExitCode == 0, verified.Output + verified.Errors);
    }
}
