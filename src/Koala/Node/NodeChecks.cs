using System.Net;
using System.Net.Sockets;
using Koalarization.Cluster.Hosting;
using Koalarization.Cluster.Wire;
using Koalarization.Dataset.Storage;
using Koalarization.Koala.Commands;

namespace Koalarization.Koala.Node;

/// <summary>What must hold before a node starts; else one sentence says what to do, and the exit code is <see cref="NodeExit.CannotStart"/>.</summary>
internal static class NodeChecks
{
    /// <summary>The store is there, can be written, and keeps what has a name.</summary>
    /// <exception cref="UserErrorException">It does not.</exception>
    public static async Task EnsureStoreIsFitAsync(string root, NodeOwner owner)
    {
        if (!Directory.Exists(root))
        {
            throw new UserErrorException($"the store {root} is not there; mount it, or make the folder.", NodeExit.CannotStart);
        }

        string trial = Path.Combine(root, ".koala", "probe-" + owner.Name);
        bool isFit = await Task.Run(() =>
        {
            Directory.CreateDirectory(trial);
            try
            {
                return StoreProbe.PublishesOnceBelow(trial);
            }
            finally
            {
                Directory.Delete(trial, recursive: true);
            }
        });
        if (!isFit)
        {
            throw new UserErrorException(
                $"on the store {root} a file can take a name that another one has; use a file system that refuses that (koala doctor tells which do).", NodeExit.CannotStart);
        }
    }

    /// <summary>The port for other nodes is free.</summary>
    /// <exception cref="UserErrorException">It is not, or the address is not this machine's.</exception>
    public static async Task EnsurePortIsFreeAsync(NodeEndpointOptions place)
    {
        try
        {
            IPAddress address = IPAddress.TryParse(place.Host, out IPAddress? said) ? said : (await Dns.GetHostAddressesAsync(place.Host))[0];
            using var trial = new TcpListener(address, place.Port);
            trial.Start();
        }
        catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new UserErrorException($"the port {place.Port} of {place.Host} is taken, by another node perhaps; give another one with --port.", NodeExit.CannotStart);
        }
        catch (SocketException wrong)
        {
            throw new UserErrorException($"nothing can listen on {place.Host}:{place.Port} ({wrong.Message}); give an address of this machine with --host.", NodeExit.CannotStart);
        }
    }
}
