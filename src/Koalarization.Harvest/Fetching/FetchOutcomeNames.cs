namespace Koalarization.Harvest.Fetching;

/// <summary>The outcomes' names in manifests, tables and <c>--json</c>. They never change.</summary>
public static class FetchOutcomeNames
{
    private static readonly string[] Names =
    [
        "kept", "bad_url", "address_refused", "dns", "connection", "tls", "timeout", "redirects", "not_found", "forbidden",
        "too_many_requests", "server_error", "http_error", "too_large", "empty", "not_jpeg", "damaged", "too_many_pixels",
    ];

    /// <summary>All kinds, in the order of the list.</summary>
    public static IReadOnlyList<FetchOutcomeKind> All { get; } = Enum.GetValues<FetchOutcomeKind>();

    /// <summary>The kind's name: lower case, underscores.</summary>
    public static string WireName(this FetchOutcomeKind kind) => Names[(int)kind];

    /// <summary>The kind of a name.</summary>
    public static bool TryParse(string? name, out FetchOutcomeKind kind)
    {
        int index = Array.IndexOf(Names, name);
        kind = (FetchOutcomeKind)Math.Max(index, 0);
        return index >= 0;
    }
}
