using System.Security.Cryptography;
using System.Text;
using Koalarization.Harvest.Hosts;

namespace Koalarization.Harvest.Links;

/// <summary>What a list holds, found by reading it once and fetching nothing. Memory is bounded: 8 bytes for each link up to <see cref="MaxCompared"/>.</summary>
public sealed class ListSurvey
{
    /// <summary>Links that are compared with each other; of later ones it is not known whether they repeat one.</summary>
    public const int MaxCompared = 20_000_000;

    private const int FirstLinks = 10;
    private const int MaxHosts = 1_000_000;

    private readonly Dictionary<string, long> _hosts = new(StringComparer.Ordinal);
    private readonly List<ulong> _urls = [];
    private readonly List<string> _first = [];

    /// <summary>The first links.</summary>
    public IReadOnlyList<string> First => _first;

    /// <summary>Links in all, repeated ones included.</summary>
    public long Links { get; private set; }

    /// <summary>Links that repeat an earlier one.</summary>
    public long Duplicates { get; private set; }

    /// <summary>Links that no request can be made of.</summary>
    public long BadUrls { get; private set; }

    /// <summary>How many hosts there are.</summary>
    public int HostCount => _hosts.Count;

    /// <summary>Reads a list to its end.</summary>
    /// <exception cref="LinkSourceException">It cannot be read.</exception>
    public static async Task<ListSurvey> OfAsync(LinkSource list, CancellationToken cancellation)
    {
        var survey = new ListSurvey();
        await foreach (Link link in list.ReadAsync(cancellationToken: cancellation))
        {
            survey.Add(link);
        }

        survey._urls.Sort();
        for (int i = 1; i < survey._urls.Count; i++)
        {
            survey.Duplicates += survey._urls[i] == survey._urls[i - 1] ? 1 : 0;
        }

        return survey;
    }

    /// <summary>The hosts with most links, and their links.</summary>
    public IEnumerable<KeyValuePair<string, long>> Hosts(int most) =>
        _hosts.OrderByDescending(host => host.Value).ThenBy(host => host.Key, StringComparer.Ordinal).Take(most);

    private void Add(Link link)
    {
        Links++;
        if (_first.Count < FirstLinks)
        {
            _first.Add(link.Url);
        }

        if (_urls.Count < MaxCompared)
        {
            _urls.Add(BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(link.Url))));
        }

        if (!LinkHost.TryParse(link.Url, out LinkHost host))
        {
            BadUrls++;
        }
        else if (_hosts.Count < MaxHosts || _hosts.ContainsKey(host.Name))
        {
            _hosts[host.Name] = _hosts.GetValueOrDefault(host.Name) + 1;
        }
    }
}
