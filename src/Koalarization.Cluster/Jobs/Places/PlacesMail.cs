namespace Koalarization.Cluster;

/// <summary>A message for a node.</summary>
/// <param name="To">The node.</param>
/// <param name="Message">What it may use.</param>
internal sealed record PlacesMail(NodeOwner To, FetchProtocol.HostsLent Message);

/// <summary>Gathers what nodes are to be told, so that each gets few messages.</summary>
internal sealed class PlacesMailbag(JobId job)
{
    private readonly Dictionary<NodeOwner, List<FetchProtocol.HostPlaces>> _mail = [];

    public void Add(NodeOwner owner, FetchProtocol.HostPlaces places)
    {
        if (!_mail.TryGetValue(owner, out List<FetchProtocol.HostPlaces>? hosts))
        {
            _mail.Add(owner, hosts = []);
        }

        hosts.Add(places);
    }

    public IReadOnlyList<PlacesMail> Messages() =>
    [
        .. _mail.SelectMany(
            node => node.Value.Chunk(FetchProtocol.HostsLent.Most), (node, hosts) => new PlacesMail(node.Key, new FetchProtocol.HostsLent(job, hosts))),
    ];
}
