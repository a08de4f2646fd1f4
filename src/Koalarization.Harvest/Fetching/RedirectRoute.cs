namespace Koalarization.Harvest.Fetching;

/// <summary>The way from a link to its answer. From https to http is allowed: the old web moved both ways.</summary>
internal sealed class RedirectRoute(RequestUrl start, int maxRedirects)
{
    private readonly HashSet<(string Address, string? UserInfo)> _seen = [(start.Uri.AbsoluteUri, start.UserInfo)];

    /// <summary>The URL to ask now.</summary>
    public RequestUrl Current { get; private set; } = start;

    /// <summary>How many redirects led here.</summary>
    public int Followed { get; private set; }

    /// <summary>Follows a redirect; an outcome when it cannot be followed.</summary>
    public FetchOutcome? Follow(int status, string? location)
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

        if (!_seen.Add((next.Uri.AbsoluteUri, next.UserInfo)))
        {
            return new FetchOutcome(FetchOutcomeKind.Redirects, "a loop");
        }

        Current = next;
        Followed++;
        return null;
    }
}
