namespace Koalarization.Harvest.Fetching;

/// <summary>The way from a link to its answer. From https to http is allowed: the old web moved both ways.</summary>
internal sealed class RedirectRoute(RequestUrl start, int maxRedirects)
{
    private readonly HashSet<(string Address, string? UserInfo, string? Cookies)> _seen = [(start.Uri.AbsoluteUri, start.UserInfo, null)];
    private readonly CookieJar _cookies = new();

    /// <summary>The URL to ask now.</summary>
    public RequestUrl Current { get; private set; } = start;

    /// <summary>The cookies that the hosts of this way set for it; null without one.</summary>
    public string? Cookies { get; private set; }

    /// <summary>How many redirects led here.</summary>
    public int Followed { get; private set; }

    /// <summary>Follows a redirect; an outcome when it cannot be followed.</summary>
    /// <param name="status">Its status.</param>
    /// <param name="location">Where it leads.</param>
    /// <param name="cookies">The cookies that it sets. A redirect to the same URL is no loop when they are new.</param>
    public FetchOutcome? Follow(int status, string? location, IEnumerable<string> cookies)
    {
        if (location is null)
        {
            return new FetchOutcome(FetchOutcomeKind.Redirects, $"{status} without a Location");
        }

        if (Followed == maxRedirects)
        {
            return new FetchOutcome(FetchOutcomeKind.Redirects, $"more than {maxRedirects}");
        }

        if (Current.TryFollow(location, out string fault) is not { } next)
        {
            return new FetchOutcome(FetchOutcomeKind.Redirects, $"to {fault}");
        }

        _cookies.Receive(Current.Uri, cookies);
        string? sent = _cookies.HeaderFor(next.Uri);
        if (!_seen.Add((next.Uri.AbsoluteUri, next.UserInfo, sent)))
        {
            return new FetchOutcome(FetchOutcomeKind.Redirects, "a loop");
        }

        (Current, Cookies) = (next, sent);
        Followed++;
        return null;
    }
}
