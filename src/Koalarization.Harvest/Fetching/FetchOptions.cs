using Koalarization.Harvest.Addresses;
using Koalarization.Harvest.Proxies;

namespace Koalarization.Harvest.Fetching;

/// <summary>The limits of one fetch.</summary>
public sealed record FetchOptions
{
    /// <summary>Name and version of the program that asks, and what it is. A user with many links adds an address to write to.</summary>
    public const string DefaultUserAgent = "Koalarization.Cluster/0.1 (data set builder)";

    /// <summary>From looking the name up to the end of the TLS handshake.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>From the request's first byte to the end of the answer's headers.</summary>
    public TimeSpan FirstByteTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>One try, redirects included, up to the body's last byte.</summary>
    public TimeSpan TotalTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A body that comes slower than this over any <see cref="StallWindow"/> is cancelled.</summary>
    public int MinimumBytesPerSecond { get; init; } = 1024;

    /// <summary>The time over which <see cref="MinimumBytesPerSecond"/> is judged.</summary>
    public TimeSpan StallWindow { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The largest body, in bytes, content encodings undone.</summary>
    public int MaxBytes { get; init; } = 20_000_000;

    /// <summary>
    /// Memory for all bodies together, in bytes, from a body's first byte until it is disposed of. While there is none left, bodies wait, and their time
    /// does not run; one at a time may exceed it.
    /// </summary>
    public long MaxBodyBytesInFlight { get; init; } = 256_000_000;

    /// <summary>How many redirects are followed.</summary>
    public int MaxRedirects { get; init; } = 5;

    /// <summary>The largest set of response headers, in KiB.</summary>
    public int MaxHeaderKibibytes { get; init; } = 64;

    /// <summary>Whether addresses that are not of the open web may be asked (<see cref="AddressTable"/>).</summary>
    public bool AllowPrivate { get; init; }

    /// <summary>Which proxy a link goes by.</summary>
    public ProxySettings Proxies { get; init; } = ProxySettings.None;

    /// <summary>Authorities that are trusted beside the machine's own; null: none.</summary>
    public TrustedRoots? Roots { get; init; }

    /// <summary>The <c>User-Agent</c> header.</summary>
    /// <exception cref="ArgumentException">It cannot be sent: every request would fail, and no server be asked.</exception>
    public string UserAgent
    {
        get;
        init => field = UserAgentFault(value) is string fault ? throw new ArgumentException($"a User-Agent cannot have {fault}.", nameof(value)) : value;
    } = DefaultUserAgent;

    /// <summary>What a <c>User-Agent</c> has that a header cannot have (RFC 9110, section 5.5, without the obsolete bytes above 126); null: nothing.</summary>
    public static string? UserAgentFault(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.AsSpan().IndexOfAnyExceptInRange(' ', '~') is int index and >= 0
            ? text[index] switch
            {
                '\r' or '\n' => "a line break",
                < ' ' or '\u007f' => "a control character",
                char letter => $"'{(char.IsSurrogate(letter) ? text.Substring(index, Math.Min(2, text.Length - index)) : letter)}'",
            }
            : string.IsNullOrWhiteSpace(text) ? "no characters" : null;
    }
}
