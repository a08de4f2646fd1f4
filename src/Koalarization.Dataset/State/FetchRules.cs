namespace Koalarization.Dataset.State;

/// <summary>
/// How links are fetched, as far as it changes their outcomes. What is null was not given. Users, the store and <c>fetch.proto</c> know the rules by the names of
/// these properties in snake case.
/// </summary>
public sealed record FetchRules
{
    /// <summary>Whether addresses that are not of the open web may be asked.</summary>
    public bool? AllowPrivate { get; init; }

    /// <summary>From looking the name up to the end of the TLS handshake, in seconds.</summary>
    public double? ConnectTimeout { get; init; }

    /// <summary>From the request's first byte to the end of the answer's headers, in seconds.</summary>
    public double? FirstByteTimeout { get; init; }

    /// <summary>One try, redirects included, up to the body's last byte, in seconds.</summary>
    public double? Timeout { get; init; }

    /// <summary>A body that comes slower than this over any <see cref="StallWindow"/> is cancelled, in bytes per second.</summary>
    public int? MinRate { get; init; }

    /// <summary>The time over which <see cref="MinRate"/> is judged, in seconds.</summary>
    public double? StallWindow { get; init; }

    /// <summary>The largest body, in bytes, content encodings undone.</summary>
    public int? MaxBytes { get; init; }

    /// <summary>How many redirects are followed.</summary>
    public int? MaxRedirects { get; init; }

    /// <summary>Tries of a link altogether.</summary>
    public int? Tries { get; init; }

    /// <summary>The longest pause after the first try, in seconds; it doubles with each further one.</summary>
    public double? FirstPause { get; init; }

    /// <summary>No pause between tries is longer, in seconds.</summary>
    public double? LongestPause { get; init; }

    /// <summary>Most megapixels that a picture's header may claim.</summary>
    public double? MaxMegapixels { get; init; }

    /// <summary>The <c>User-Agent</c> header.</summary>
    public string? UserAgent { get; init; }
}
