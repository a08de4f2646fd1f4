using Koalarization.Harvest.Links;

namespace Koalarization.Harvest.Tests.Links;

public sealed class UrlSecretsTests
{
    [Theory]
    [InlineData("http://user:pass@a.example/x.jpg", "http://***@a.example/x.jpg")]
    [InlineData("HTTPS://user@a.example/x.jpg", "HTTPS://***@a.example/x.jpg")]
    [InlineData("https://u:p@ss@a.example/x", "https://***@a.example/x")]
    [InlineData("see http://u:p@a.example and http://v:q@b.example.", "see http://***@a.example and http://***@b.example.")]
    [InlineData("https://a.example/x.jpg?token=abc&size=5", "https://a.example/x.jpg?token=***&size=5")]
    [InlineData("https://a.example/x?size=5&access_token=abc", "https://a.example/x?size=5&access_token=***")]
    [InlineData("https://b.s3.example/x?X-Amz-Credential=A%2Fus&X-Amz-Signature=00ff", "https://b.s3.example/x?X-Amz-Credential=***&X-Amz-Signature=***")]
    [InlineData("https://a.example/x?api_key=abc#part", "https://a.example/x?api_key=***#part")]
    [InlineData("https://c.example/x?sig=abc%3D&se=2026", "https://c.example/x?sig=***&se=2026")]
    [InlineData("""{"source":"https://a.example/l?key=abc","data":"x"}""", """{"source":"https://a.example/l?key=***","data":"x"}""")]
    public void User_password_and_tokens_are_hidden_in_any_text(string text, string shown)
    {
        Assert.Equal(shown, UrlSecrets.Hide(text));
        Assert.True(UrlSecrets.Has(text));
    }

    [Theory]
    [InlineData("https://a.example/x.jpg?size=5&page=2")]
    [InlineData("https://a.example/~user@home/x.jpg")]
    [InlineData("https://a.example/x.jpg?mail=a@b.example")]
    [InlineData("akka.ssl.tcp://koala-0123456789abcdef@a.lan:8650")]
    [InlineData("token=abc is no URL's")]
    [InlineData("")]
    public void All_else_stays_as_it_is(string text)
    {
        Assert.Equal(text, UrlSecrets.Hide(text));
        Assert.False(text.Contains("://", StringComparison.Ordinal) && UrlSecrets.Has(text));
    }

    // A name of a parameter that is made of such words would take a time that grows with its square.
    [Theory]
    [InlineData("http://a.example/", "auth")]
    [InlineData("http://a.example/?", "auth")]
    [InlineData("http://a.example/?auth=", "auth=1")]
    [InlineData("http://u:", "p")]
    public void A_long_hostile_URL_is_shown_as_any_other(string begin, string part) =>
        Assert.StartsWith("http://", UrlSecrets.Hide(begin + string.Concat(Enumerable.Repeat(part, 100_000)) + "=1"), StringComparison.Ordinal);
}
