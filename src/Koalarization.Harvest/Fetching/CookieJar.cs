using System.Net;

namespace Koalarization.Harvest.Fetching;

/// <summary>The cookies of one fetch: servers that set one and redirect to the picture want it back. They are forgotten with the fetch.</summary>
internal sealed class CookieJar
{
    private const int MaxHeaderBytes = 8192;

    // Most fetches have none.
    private CookieContainer? _cookies;

    /// <summary>Takes what an answer of this URL sets; what is no cookie is left out.</summary>
    public void Receive(Uri uri, IEnumerable<string> cookies)
    {
        foreach (string cookie in cookies)
        {
            try
            {
                (_cookies ??= new CookieContainer()).SetCookies(uri, cookie);
            }
            catch (CookieException)
            {
                // A browser would leave it out, too.
            }
        }
    }

    /// <summary>The <c>Cookie</c> header for a URL; null without cookies, and where they could not be sent as they are.</summary>
    public string? HeaderFor(Uri uri)
    {
        string header = _cookies?.GetCookieHeader(uri) ?? "";
        return header.Length is > 0 and <= MaxHeaderBytes && header.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0 ? header : null;
    }
}
