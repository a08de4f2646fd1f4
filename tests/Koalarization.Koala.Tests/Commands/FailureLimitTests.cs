using System.CommandLine;
using Koalarization.Dataset.Wording;
using Koalarization.Koala.Commands;

namespace Koalarization.Koala.Tests.Commands;

public sealed class FailureLimitTests
{
    [Theory]
    [InlineData("", 23, 149, 0)]
    [InlineData("", 149, 149, 1)]
    [InlineData("", 0, 0, 0)]
    [InlineData("100%", 23, 149, 0)]
    [InlineData("10%", 10, 100, 0)]
    [InlineData("10%", 11, 100, 1)]
    [InlineData("0.5%", 1, 200, 0)]
    [InlineData("0.5%", 2, 200, 1)]
    [InlineData("0%", 0, 100, 0)]
    [InlineData("0%", 1, 100, 1)]
    [InlineData("5", 5, 100, 0)]
    [InlineData("5", 6, 100, 1)]
    [InlineData("0", 1, 100, 1)]
    public void More_failures_than_are_allowed_are_the_exit_code_1(string given, long failed, long links, int code)
    {
        Option<FailureLimit> option = FailureLimit.NewOption();
        string[] words = given.Length == 0 ? [] : ["--max-failures", given];
        ParseResult parsed = new RootCommand { option }.Parse(words);
        Assert.Empty(parsed.Errors);
        Assert.Equal(code, parsed.GetRequiredValue(option).CodeOf(failed, links));
    }

    [Theory]
    [InlineData("101%")]
    [InlineData("-1")]
    [InlineData("1,5%")]
    [InlineData("some")]
    [InlineData("%")]
    [InlineData("0.5")]
    public void What_is_neither_a_share_nor_a_number_is_refused(string given) =>
        Assert.Contains("--max-failures must be", Assert.Single(new RootCommand { FailureLimit.NewOption() }.Parse(new[] { "--max-failures", given }).Errors).Message);

    [Fact]
    public void One_thing_has_no_plural()
    {
        Assert.Equal(["0 records", "1 record", "2 records", "1,000 records"], new long[] { 0, 1, 2, 1000 }.Select(count => Amount.Of(count, "record")));
        Assert.Equal("1 line is", Amount.Of(1, "line is", "lines are"));
        Assert.Equal("2 lines are", Amount.Of(2, "line is", "lines are"));
    }
}
