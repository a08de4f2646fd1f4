using System.Net;
using System.Net.Sockets;
using Koalarization.Cluster.Hosting;
using Koalarization.Cluster.Membership;
using Koalarization.Cluster.Wire;
using Koalarization.Dataset.Storage;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Control;

namespace Koalarization.Koala.Node;

/// <summary>Checks before a node starts. A failed check ends it with one sentence and the exit code <see cref="NodeExit.CannotStart"/>.</summary>
internal static class NodeChecks
{
    private const string Probe = "probe-";

    // Of starts that were killed. A start takes seconds.
    private static readonly TimeSpan ProbeAge = TimeSpan.FromMinutes(1);

    /// <summary>Checks that the store exists, is writable, and never replaces a published file.</summary>
    /// <exception cref="UserErrorException">A check failed.</exception>
    /// <returns>The store's mark.</returns>
    public static async Task<string> EnsureStoreIsUsableAsync(string root, NodeOwner owner)
    {
        if (!Directory.Exists(root))
        {
            throw new UserErrorException($"the store {root} does not exist; mount it, or create the folder.", NodeExit.CannotStart);
        }

        string trial = Path.Combine(root, ".koala", Probe + owner.Name);
        string? mark;
        try
        {
            mark = await Task.Run(() => MarkOf(root, trial));
        }
        catch (UnauthorizedAccessException)
        {
            throw new UserErrorException($"the store {root} may not be written by this user; give it the group and the permissions of the other nodes' users.", NodeExit.CannotStart);
        }
        catch (InvalidDataException unreadable)
        {
            throw new UserErrorException($"the store {root} has no mark: {unreadable.Message.TrimEnd('.')}; move it away, and the next node makes another one.", NodeExit.CannotStart);
        }

        return mark ?? throw new UserErrorException(
                $"the store {root} does not support publishing without replacing; use another file system (koala doctor DIR checks one).", NodeExit.CannotStart);
    }

    /// <summary>Checks that the ports for other nodes and for the HTTP API are free, before the node joins a cluster.</summary>
    /// <param name="endpoint">The port for other nodes, and its address.</param>
    /// <param name="http">Where the HTTP API answers; null: it has none.</param>
    /// <exception cref="UserErrorException">A port is in use, or the address is not one of this machine.</exception>
    public static async Task EnsurePortsAreFreeAsync(NodeEndpointOptions endpoint, ControlEndpoint? http)
    {
        if (http is { Port: > 0 } && http.Port == endpoint.Port)
        {
            throw new UserErrorException($"--port and --http are both {http.Port}; give them two ports.", ExitCode.UsageError);
        }

        await EnsurePortIsFreeAsync(endpoint);
        if (http is null)
        {
            return;
        }

        try
        {
            using var trial = new TcpListener(http.Address, http.Port);
            trial.Start();
        }
        catch (SocketException failed)
        {
            throw new UserErrorException(
                $"port {http.Port} of {http.Address}, for the HTTP API, {(failed.SocketErrorCode == SocketError.AddressAlreadyInUse ? "is in use" : $"cannot be opened: {Reason(failed)}")}; choose another one with --http.",
                NodeExit.CannotStart);
        }
    }

    /// <summary>Checks that the port for probes is free.</summary>
    /// <exception cref="UserErrorException">It is in use, or the address is not one of this machine.</exception>
    public static void EnsureProbesCanListen(IPEndPoint probes)
    {
        try
        {
            using var trial = new TcpListener(probes);
            trial.Start();
        }
        catch (SocketException inUse) when (inUse.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new UserErrorException($"port {probes.Port} of {probes.Address}, for probes, is in use, perhaps by another node; choose another one with --probes.", NodeExit.CannotStart);
        }
        catch (SocketException failed)
        {
            throw new UserErrorException($"cannot listen on {probes}: {Reason(failed)}; give an address of this machine with --probes.", NodeExit.CannotStart);
        }
    }

    /// <summary>Checks that the port for pbm is free.</summary>
    /// <exception cref="UserErrorException">It is in use.</exception>
    public static void EnsurePbmCanListen(int port)
    {
        try
        {
            using var trial = new TcpListener(IPAddress.Loopback, port);
            trial.Start();
        }
        catch (SocketException failed)
        {
            throw new UserErrorException($"port {port} of 127.0.0.1, for pbm, cannot be opened: {Reason(failed)}; choose another one with --pbm.", NodeExit.CannotStart);
        }
    }

    private static string Reason(SocketException failed) => failed.SocketErrorCode switch
    {
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "no host has this name",
        SocketError.AddressAlreadyInUse => "it is in use",
        SocketError.AddressNotAvailable => "the address is not one of this machine",
        SocketError.AccessDenied => "ports below 1024 are for the administrator",
        _ => failed.Message.TrimEnd('.'),
    };

    // Null: the store replaces published files.
    private static string? MarkOf(string root, string trial)
    {
        Directory.CreateDirectory(trial);
        StoreProbe.RemoveForgotten(trial, Probe, ProbeAge);
        try
        {
            return StoreProbe.PublishesOnceBelow(trial) ? StoreIdentity.MarkOf(root, $"{Path.GetRelativePath(root, trial)}/mark") : null;
        }
        finally
        {
            Directory.Delete(trial, recursive: true);
        }
    }

    private static async Task EnsurePortIsFreeAsync(NodeEndpointOptions endpoint)
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
            throw new UserErrorException($"cannot listen on {endpoint.Host}:{endpoint.Port}: {Reason(failed)}; give an address of this machine with --host, and a port from 1024 with --port.", NodeExit.CannotStart);
        }
    }
}
