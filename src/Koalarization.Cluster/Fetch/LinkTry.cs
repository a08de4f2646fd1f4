using Akka.Actor;
using Koalarization.Harvest;

namespace Koalarization.Cluster;

/// <summary>Where a link is on its way to an outcome. The downloader's; a fetch actor reads it during its try.</summary>
internal sealed class LinkTry(LinkProtocol.FetchLink request)
{
    private bool _waits;

    public LinkProtocol.FetchLink Request => request;

    /// <summary>The host to wait for; null: no request can be made of the URL.</summary>
    public LinkHost? Host { get; } = LinkHost.TryParse(request.Link.Url, out LinkHost host) ? host : null;

    /// <summary>The present try's number, from 1.</summary>
    public int Number { get; set; } = 1;

    /// <summary>Whether an outcome stood before that might have been the network's fault.</summary>
    public bool FailedBefore { get; set; }

    /// <summary>Tries that ended in an exception which nobody expects.</summary>
    public int Crashes { get; set; }

    /// <summary>Who makes the present try.</summary>
    public IActorRef? Fetch { get; set; }

    /// <summary>Whether it waits for its host, the network, or its next try.</summary>
    public bool Waits
    {
        get => _waits;
        set
        {
            if (_waits != value)
            {
                _waits = value;
                request.Progress.Waits(value ? 1 : -1);
            }
        }
    }
}
