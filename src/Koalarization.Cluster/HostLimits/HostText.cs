using System.Globalization;
using Koalarization.Harvest.Hosts;

namespace Koalarization.Cluster.HostLimits;

/// <summary>Hosts as messages have them, <c>name:port</c>.</summary>
internal static class HostText
{
    /// <summary>Whether a message's host is the machine itself, whichever that is.</summary>
    public static bool IsLoopback(string text) => TryParse(text, out LinkHost host) && host.IsLoopback;

    /// <summary>Reads what <see cref="LinkHost.ToString"/> writes.</summary>
    public static bool TryParse(string text, out LinkHost host)
    {
        int colon = text.LastIndexOf(':');
        bool isHost = int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port) && colon > 0;
        host = isHost ? new LinkHost(text[..colon].TrimStart('[').TrimEnd(']'), port) : default;
        return isHost;
    }
}
