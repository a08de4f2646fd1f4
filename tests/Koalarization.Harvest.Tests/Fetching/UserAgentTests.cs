using Koalarization.Harvest.Fetching;

namespace Koalarization.Harvest.Tests.Fetching;

public sealed class UserAgentTests
{
    [Theory]
    [InlineData("Mozilla/5.0 (compatible; set of a name; +https://example.org/bot)", null)]
    [InlineData("~!#$%&'*+-.^_`|", null)]
    [InlineData("Müller", "'ü'")]
    [InlineData("数据", "'数'")]
    [InlineData("a\U0001F428", "'\U0001F428'")]
    [InlineData("a\r\nX-More: b", "a line break")]
    [InlineData("a\nb", "a line break")]
    [InlineData("a\tb", "a control character")]
    [InlineData("a\u007f", "a control character")]
    [InlineData(" ", "no characters")]
    public void Is_refused_where_no_request_can_have_it(string text, string? fault)
    {
        Assert.Equal(fault, FetchOptions.UserAgentFault(text));
        if (fault is null)
        {
            Assert.Equal(text, new FetchOptions { UserAgent = text }.UserAgent);
        }
        else
        {
            Assert.Contains(fault, Assert.Throws<ArgumentException>(() => new FetchOptions { UserAgent = text }).Message, StringComparison.Ordinal);
        }
    }
}
