using System.Text.RegularExpressions;

namespace Koalarization.Integration;

/// <summary>The page of failure modes names the tests that show its promises: they must be there.</summary>
public sealed partial class FailureModesTests
{
    [Fact]
    public void Every_test_that_the_page_names_exists()
    {
        string root = Path.GetFullPath(Path.Combine(Golden.Folder, "..", ".."));
        string page = File.ReadAllText(Path.Combine(root, "docs", "failure-modes.md"));
        var files = Directory.GetFiles(Path.Combine(root, "tests"), "*.cs", SearchOption.AllDirectories).Select(Path.GetFileNameWithoutExtension).ToHashSet();
        string[] named = [.. TestName().Matches(page).Select(match => match.Groups["name"].Value).Distinct()];

        Assert.NotEmpty(named);
        Assert.All(named, name => Assert.Contains(name, files));
    }

    [GeneratedRegex("`(?<name>[A-Za-z]+(Tests|Specs))`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TestName();
}
