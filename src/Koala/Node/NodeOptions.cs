using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using Koalarization.Cluster.Hosting;
using Koalarization.Koala.Commands;

namespace Koalarization.Koala.Node;

/// <summary>The options that say what a node is and where.</summary>
internal sealed class NodeOptions
{
    /// <summary>The port of a control node's HTTP API unless it is told another.</summary>
    public const int DefaultHttpPort = 8660;

    private readonly Option<string> _roles = new("--roles")
    {
        Description = "What this node does: control, fetch, embed, write, or several with commas between",
        HelpName = "ROLES",
        Required = true,
    };

    private readonly Option<string> _store = new("--store")
    {
        Description = "The folder that all nodes share; data sets lie below it",
        HelpName = "DIR",
        Required = true,
    };

    private readonly Option<string[]> _seeds = new("--seed")
    {
        Description = "A node that knows the cluster, the same ones in the same order on every node (default: this node founds it, or returns to it)",
        HelpName = "HOST:PORT",
    };

    private readonly Option<string> _host = new("--host")
    {
        Description = "The address that it listens on",
        HelpName = "HOST",
        DefaultValueFactory = _ => "127.0.0.1",
    };

    private readonly Option<string?> _publicHost = new("--public-host") { Description = "The name under which other nodes reach it (default: HOST)", HelpName = "HOST" };
    private readonly Option<int> _port = Port("--port", "The port for other nodes; 0: any", NodeEndpointOptions.DefaultPort);
    private readonly Option<int> _http = Port("--http", "The port of the HTTP API, on loopback, role control only; 0: any", DefaultHttpPort);

    public void AddTo(Command command)
    {
        _roles.Validators.Add(RefuseOtherRoles);
        _seeds.Validators.Add(RefuseNoAddress);
        command.Add(_roles);
        command.Add(_store);
        command.Add(_seeds);
        command.Add(_host);
        command.Add(_port);
        command.Add(_publicHost);
        command.Add(_http);
    }

    public string Store(ParseResult arguments) => Path.GetFullPath(arguments.GetRequiredValue(_store));

    /// <summary>The HTTP API's port, or null for a node without one.</summary>
    /// <exception cref="UserErrorException">A port was said to a node that has no HTTP API.</exception>
    public int? Http(ParseResult arguments, NodeEndpointOptions place)
    {
        if (place.Roles.Contains(NodeRoles.Control))
        {
            return arguments.GetValue(_http);
        }

        return arguments.GetResult(_http) is null or { Implicit: true }
            ? null
            : throw new UserErrorException("--http is for control nodes; leave it out, or add the role control.", ExitCode.WrongUse);
    }

    public NodeEndpointOptions Place(ParseResult arguments)
    {
        string host = arguments.GetRequiredValue(_host);
        return new NodeEndpointOptions
        {
            Roles = Split(arguments.GetRequiredValue(_roles)),
            Host = host,
            Port = arguments.GetValue(_port),
            PublicHost = arguments.GetValue(_publicHost) ?? (IsEveryAddress(host) ? Dns.GetHostName() : null),
            Seeds = arguments.GetValue(_seeds) ?? [],
        };
    }

    // Nobody can be reached under the address that stands for all of them.
    private static bool IsEveryAddress(string host) => IPAddress.TryParse(host, out IPAddress? address) && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any));

    private static string[] Split(string roles) => [.. roles.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)];

    private static void RefuseOtherRoles(OptionResult result)
    {
        if (result.Tokens is [{ Value: string roles }, ..])
        {
            string[] said = Split(roles);
            if (said.Length == 0 || said.FirstOrDefault(role => !NodeRoles.All.Contains(role)) is not null)
            {
                result.AddError($"--roles takes {string.Join(", ", NodeRoles.All)}, with commas between, not '{roles}'.");
            }
        }
    }

    private static void RefuseNoAddress(OptionResult result)
    {
        foreach (Token token in result.Tokens)
        {
            int colon = token.Value.LastIndexOf(':');
            if (colon <= 0 || !ushort.TryParse(token.Value.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) || port == 0)
            {
                result.AddError($"--seed takes HOST:PORT, not '{token.Value}'.");
            }
        }
    }

    private static Option<int> Port(string name, string description, int usual)
    {
        var option = new Option<int>(name) { Description = description, HelpName = "PORT", DefaultValueFactory = _ => usual };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: string text }, ..] && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int port)
                && port is < 0 or > ushort.MaxValue)
            {
                result.AddError($"{name} takes 0 to 65535, not {text}.");
            }
        });
        return option;
    }
}
