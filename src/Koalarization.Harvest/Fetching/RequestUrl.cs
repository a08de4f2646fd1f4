using System.Globalization;
using System.Net;
using System.Text;
using Koalarization.Harvest.Addresses;

namespace Koalarization.Harvest.Fetching;

/// <summary>
/// An http(s) URL taken apart without making it prettier: path and query go to the server as they were written. Only what may
/// not be in a request line (blanks, control characters, non-ASCII) is percent-encoded, as UTF-8; the fragment is not sent.
/// </summary>
internal sealed record RequestUrl
{
    // RFC 1035, section 2.3.4. Longer ones cannot be looked up.
    private const int MaxHostCharacters = 253;
    private const int MaxLabelCharacters = 63;

    private static readonly UriCreationOptions AsWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private RequestUrl(string scheme, string? userInfo, string authority, string pathAndQuery, Uri uri)
    {
        Scheme = scheme;
        UserInfo = userInfo;
        Authority = authority;
        PathAndQuery = pathAndQuery;
        Uri = uri;
    }

    /// <summary><c>http</c> or <c>https</c>.</summary>
    public string Scheme { get; }

    /// <summary>The part before the <c>@</c>, as written; null without one.</summary>
    public string? UserInfo { get; }

    /// <summary>Host and port as written, without credentials.</summary>
    public string Authority { get; }

    /// <summary>What the request line gets: ASCII, begins with a slash.</summary>
    public string PathAndQuery { get; }

    /// <summary>The URL for the HTTP stack, without credentials and fragment.</summary>
    public Uri Uri { get; }

    /// <summary>Takes a URL apart; null with a reason when no request can be made of it.</summary>
    public static RequestUrl? TryParse(string text, out string fault)
    {
        fault = "no host";
        int colon = text.IndexOf(':');
        string scheme = colon < 0 ? "" : text[..colon].ToLowerInvariant();
        if (scheme is not ("http" or "https"))
        {
            fault = scheme.Length == 0 ? "no scheme" : $"scheme {Cut(scheme)}";
            return null;
        }

        if (string.CompareOrdinal(text, colon + 1, "//", 0, 2) != 0)
        {
            return null;
        }

        string rest = text[(colon + 3)..];
        int end = rest.AsSpan().IndexOfAny('/', '?', '#');
        string authority = end < 0 ? rest : rest[..end];
        string target = WithoutFragment(end < 0 ? "" : rest[end..]);
        int at = authority.LastIndexOf('@');
        string? userInfo = at < 0 ? null : authority[..at];
        authority = authority[(at + 1)..];
        string mapped = HostNames.Mapped(authority.Contains('%') ? Uri.UnescapeDataString(authority) : authority);
        if (AuthorityOf(mapped) is not string known)
        {
            fault = authority.Length == 0 ? "no host" : $"host {Cut(mapped)}";
            return null;
        }

        authority = known;
        string pathAndQuery = Encoded(target.StartsWith('/') ? target : "/" + target);
        if (!Uri.TryCreate($"{scheme}://{authority.ToLowerInvariant()}{pathAndQuery}", AsWritten, out Uri? uri) || !CanBeLookedUp(uri.IdnHost))
        {
            fault = $"host {Cut(authority)}";
            return null;
        }

        return new RequestUrl(scheme, userInfo, authority, pathAndQuery, uri);
    }

    /// <summary>
    /// Where a <c>Location</c> leads (RFC 3986, section 5.2); null with a reason when it leads nowhere. Credentials stay with the
    /// origin that they were written for.
    /// </summary>
    /// <param name="location">The header's value, one character for each byte of it.</param>
    /// <param name="fault">The reason.</param>
    public RequestUrl? TryFollow(string location, out string fault)
    {
        RequestUrl? target = TryParse(Resolved(FromBytes(location.Trim())), out fault);
        bool keepsCredentials = UserInfo is not null && target is { UserInfo: null } && target.IsSameOriginAs(this);
        return keepsCredentials
            ? new(target!.Scheme, UserInfo, target.Authority, target.PathAndQuery, target.Uri)
            : target;
    }

    private string Resolved(string reference)
    {
        int colon = reference.IndexOf(':');
        int end = reference.AsSpan().IndexOfAny('/', '?', '#');
        if (colon > 0 && (end < 0 || colon < end))
        {
            return reference;
        }

        if (reference.StartsWith("//", StringComparison.Ordinal))
        {
            return $"{Scheme}:{reference}";
        }

        string bare = WithoutFragment(reference);
        string path = PathAndQuery.Split('?', 2)[0];
        string target = bare switch
        {
            "" => PathAndQuery,
            ['/', ..] => bare,
            ['?', ..] => path + bare,
            _ => Merged(path[..(path.LastIndexOf('/') + 1)], bare),
        };
        return $"{Scheme}://{Authority}{target}";
    }

    private bool IsSameOriginAs(RequestUrl other) =>
        Scheme == other.Scheme && Uri.Port == other.Uri.Port && Uri.IdnHost.Equals(other.Uri.IdnHost, StringComparison.OrdinalIgnoreCase);

    /// <summary>The host as it is looked up, and its port; null: it is none.</summary>
    private static string? AuthorityOf(string authority)
    {
        int bracket = authority.LastIndexOf(']');
        int colon = authority.IndexOf(':', bracket + 1);
        string host = colon < 0 ? authority : authority[..colon];
        string port = colon < 0 ? "" : authority[(colon + 1)..];
        if (port.Length > 0 && !(ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out ushort number) && number > 0))
        {
            return null;
        }

        if (bracket >= 0)
        {
            return Uri.CheckHostName(host) == UriHostNameType.IPv6 ? authority : null;
        }

        // An address with a dot behind it is that address, and no name: a resolver may read it so.
        string withoutDot = host.EndsWith('.') ? host[..^1] : host;
        bool isAddress = IPAddress.TryParse(withoutDot, out IPAddress? address);
        return isAddress ? $"{address}{authority[host.Length..]}"
            : withoutDot.Split('.').All(label => label.Length > 0 && label.All(IsOfName)) ? authority
            : null;
    }

    // As browsers and curl, not as the standards, which know no underscores and no hyphens at the ends: some old hosts have them. Of what is not ASCII, full-width
    // delimiters are left where a host was mapped.
    private static bool IsOfName(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' || c is > '\u007F' and (< '\uFF01' or > '\uFF5E');

    private static bool CanBeLookedUp(string host) =>
        host.TrimEnd('.').Length is > 0 and <= MaxHostCharacters && (host.Contains(':') || host.Split('.').All(label => label.Length <= MaxLabelCharacters));

    private static string WithoutFragment(string text) => text.IndexOf('#') is var hash and >= 0 ? text[..hash] : text;

    private static string Encoded(string target)
    {
        var encoded = new StringBuilder(target.Length);
        foreach (byte b in Encoding.UTF8.GetBytes(target))
        {
            _ = b is > 0x20 and < 0x7F ? encoded.Append((char)b) : encoded.Append('%').Append(b.ToString("X2", CultureInfo.InvariantCulture));
        }

        return encoded.ToString();
    }

    /// <summary>A header's bytes as text: UTF-8 when they are that, else percent-encoded one by one.</summary>
    private static string FromBytes(string latin1)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(latin1);
        return System.Text.Unicode.Utf8.IsValid(bytes)
            ? Encoding.UTF8.GetString(bytes)
            : string.Concat(bytes.Select(b => b < 0x80 ? ((char)b).ToString() : $"%{b:X2}"));
    }

    private static string Merged(string folder, string reference)
    {
        string[] parts = reference.Split('?', 2);
        var segments = new List<string>();
        string[] all = (folder + parts[0]).Split('/')[1..];
        for (int i = 0; i < all.Length; i++)
        {
            bool isDots = all[i] is "." or "..";
            if (all[i] == ".." && segments.Count > 0)
            {
                segments.RemoveAt(segments.Count - 1);
            }

            if (!isDots)
            {
                segments.Add(all[i]);
            }
            else if (i == all.Length - 1)
            {
                segments.Add("");
            }
        }

        return "/" + string.Join('/', segments) + (parts.Length > 1 ? "?" + parts[1] : "");
    }

    private static string Cut(string text) => text.Length <= 80 ? text : text[..80] + "...";
}
