using System.Net;
using System.Net.Sockets;
using Koalarization.Cluster.Hosting;
using Koalarization.Cluster.Wire;
using Koalarization.Dataset.Storage;
using Koalarization.Koala.Commands;

namespace Koalarization.Koala.Node;

/// <summary>Checks before a node starts. A failed check ends it with one sentence and the exit code <see cref="NodeExit.CannotStart"/>.</summary>
internal static class NodeChecks
{
    /// <summary>Checks that the store exists, is writable, and never replaces a published file.</summary>
    /// <exception cref="UserErrorException">A check failed.</exception>
    public static async Task EnsureStoreIsUsableAsync(string root, NodeOwner owner)
    {
        if (!Directory.Exists(root))
        {
            throw new UserErrorException($"the store {root} does not exist; mount it, or create the folder.", NodeExit.CannotStart);
        }

        string trial = Path.Combine(root, ".koala", "probe-" + owner.Name);
        bool publishesOnce = await Task.Run(() =>
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
        if (!publishesOnce)
        {
            throw new UserErrorException(
                $"the store {root} does not support publishing without replacing; use another file system (koala doctor DIR checks one).", NodeExit.CannotStart);
        }
    }

    /// <summary>Checks that the port for other nodes is free.</summary>
    /// <exception cref="UserErrorException">The port is in use, or the address is not one of this machine.</exception>
    public static async Task EnsurePortIsFreeAsync(NodeEndpointOptions endpoint)
    {
        try
        {
            IPAddress address = IPAddress.TryParse(endpoint.Host, out IPAddress? parsed) ? parsed : (await Dns.GetHostAddressesAsync(endpoint.Host))[0];
            using var trial = new TcpListener(address, endpoint.Port);
            trial.Start();
        }
        catch (SocketException inUse) when (inUse.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new UserErrorException($"port {endpoint.Port} of {endpoint.Host} is in use, perhaps by another node; choose another one with --port.", NodeExit.CannotStart);
        }
        catch (SocketException failed)
        {
            throw new UserErrorException($"cannot listen on {endpoint.Host}:{endpoint.Port} ({failed.Message}); give an address of this machine with --host.", NodeExit.CannotStart);
        }
    }
}
