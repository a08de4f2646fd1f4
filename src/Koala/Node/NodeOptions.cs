using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using Koalarization.Cluster.Hosting;
using Koalarization.Cluster.PetabridgeCmd;
using Koalarization.Koala.Commands;

namespace Koalarization.Koala.Node;

/// <summary>The options of a node: roles, store, addresses.</summary>
internal sealed class NodeOptions
{
    private const string ProbesVariable = "KOALA_PROBES";

    private readonly Option<string> _roles = new("--roles")
    {
        Description = "Comma-separated roles: control, fetch, embed, write",
        HelpName = "ROLES",
        Required = true,
    };

    private readonly Option<string> _store = new("--store")
    {
        Description = "Folder shared by all nodes, for data sets",
        HelpName = "DIR",
        Required = true,
    };

    private readonly Option<string[]> _sources = new("--sources")
    {
        Description = "Folder beside the store in which jobs' lists may be, role control only; may be given several times",
        HelpName = "DIR",
    };

    private readonly Option<string[]> _seeds = new("--seed")
    {
        Description = "Control node to join; list the same ones in the same order on every node (default: form a cluster, or rejoin it)",
        HelpName = "HOST:PORT",
    };

    private readonly Option<string> _host = new("--host")
    {
        Description = "Address to listen on",
        HelpName = "HOST",
        DefaultValueFactory = _ => "127.0.0.1",
    };

    private readonly Option<string?> _publicHost = new("--public-host") { Description = "Host name by which other nodes reach this one (default: HOST)", HelpName = "HOST" };
    private readonly Option<string?> _publicDomain = new("--public-domain")
    {
        Description = "Domain in which --public-host, an IP address, has a name: 10.1.2.3 goes by 10-1-2-3.DOMAIN, as Kubernetes names pods",
        HelpName = "DOMAIN",
    };

    private readonly Option<int> _port = Port("--port", "Port for other nodes; 0 for any", NodeEndpointOptions.DefaultPort);
    private readonly Option<IPEndPoint?> _probes = new("--probes")
    {
        Description = $"Serve health and metrics for Kubernetes and Prometheus at this port of 127.0.0.1, or of an address of this machine (default: {ProbesVariable}, or not)",
        HelpName = "[ADDRESS:]PORT",
        CustomParser = result => ParseProbes(result, result.Tokens[0].Value),
    };

    private readonly Option<int?> _pbm = new Option<int?>("--pbm")
    {
        Description = "Serve the palettes of Petabridge.Cmd at this port of 127.0.0.1, role control only; whoever reaches it commands the cluster",
        HelpName = "PORT",
        Hidden = !PetabridgeHost.IsBuiltIn,
    }.Whole(1, ushort.MaxValue);

    public void AddTo(Command command)
    {
        _roles.Validators.Add(ValidateRoles);
        _seeds.Validators.Add(ValidateSeeds);
        _host.Validators.Add(ValidateHost);
        _publicDomain.Validators.Add(ValidateHost);
        _publicHost.Validators.Add(ValidateHost);
        _publicHost.Validators.Add(RefuseWildcard);
        command.Add(_roles);
        command.Add(_store);
        command.Add(_sources);
        command.Add(_seeds);
        command.Add(_host);
        command.Add(_port);
        command.Add(_publicHost);
        command.Add(_publicDomain);
        command.Add(_probes);
        command.Add(_pbm);
    }

    public string Store(ParseResult arguments) => Path.GetFullPath(arguments.GetRequiredValue(_store));

    /// <summary>The folders that jobs' lists may be in: the store and those beside it.</summary>
    public IReadOnlyList<string> Sources(ParseResult arguments) => [Store(arguments), .. (arguments.GetValue(_sources) ?? []).Select(Path.GetFullPath)];

    /// <summary>Where health and metrics are served; null: nowhere.</summary>
    /// <exception cref="UserErrorException">The environment's value is not an address and a port.</exception>
    public IPEndPoint? Probes(ParseResult arguments)
    {
        if (arguments.GetValue(_probes) is IPEndPoint given)
        {
            return given;
        }

        return EnvironmentVariable.Value(ProbesVariable) is not string environment ? null
            : EndPointOf(environment) ?? throw new UserErrorException(ProbesError(ProbesVariable, environment), ExitCode.UsageError);
    }

    /// <summary>The port for pbm; null: none.</summary>
    /// <exception cref="UserErrorException">The program or the node cannot serve it.</exception>
    public int? Pbm(ParseResult arguments, IReadOnlyList<string> roles) => arguments.GetValue(_pbm) switch
    {
        null => null,
        _ when !PetabridgeHost.IsBuiltIn => throw new UserErrorException(
            "this program was built without Petabridge.Cmd; build it with -p:PetabridgeCmd=true from a feed that has its packages, or omit --pbm.", ExitCode.UsageError),
        _ when !roles.Contains(NodeRoles.Control) => throw new UserErrorException("--pbm is for control nodes; omit it, or add the role control.", ExitCode.UsageError),
        int port => port,
    };

    public NodeEndpointOptions Endpoint(ParseResult arguments)
    {
        string host = arguments.GetRequiredValue(_host);
        return new NodeEndpointOptions
        {
            Roles = Split(arguments.GetRequiredValue(_roles)),
            Host = host,
            Port = arguments.GetValue(_port),
            PublicHost = PublicHost(arguments) ?? (IsWildcard(host) ? Dns.GetHostName() : null),
            Seeds = arguments.GetValue(_seeds) ?? [],
        };
    }

    // A certificate can be for all names of a domain, and for no range of addresses.
    private string? PublicHost(ParseResult arguments)
    {
        string? host = arguments.GetValue(_publicHost);
        return arguments.GetValue(_publicDomain) is not string domain ? host
            : IPAddress.TryParse(host, out IPAddress? address) ? $"{address.ToString().Replace('.', '-').Replace(':', '-')}.{domain}"
            : throw new UserErrorException("--public-domain is for a node whose --public-host is an IP address; give that, or omit it.", ExitCode.UsageError);
    }

    // The wildcard address is for listening only: other nodes need a real one.
    private static bool IsWildcard(string host) => IPAddress.TryParse(host, out IPAddress? address) && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any));

    private static string[] Split(string roles) => [.. roles.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)];

    private static void ValidateRoles(OptionResult result)
    {
        if (result.Tokens is [{ Value: string roles }, ..])
        {
            string[] parts = Split(roles);
            string? unknown = parts.FirstOrDefault(role => !NodeRoles.All.Contains(role));
            if (parts.Length == 0 || unknown is not null)
            {
                result.AddError($"--roles must be a comma-separated list of {string.Join(", ", NodeRoles.All)}, not '{roles}'{NearestWord.Question(unknown ?? "", NodeRoles.All)}");
            }
        }
    }

    private static void ValidateSeeds(OptionResult result)
    {
        foreach (Token token in result.Tokens)
        {
            int colon = token.Value.LastIndexOf(':');
            if (colon <= 0 || !ushort.TryParse(token.Value.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) || port == 0
                || !IsHost(token.Value[..colon]) || IsWildcard(token.Value[..colon]))
            {
                result.AddError($"--seed must be HOST:PORT, not '{token.Value}'.");
            }
        }
    }

    private static void ValidateHost(OptionResult result)
    {
        if (result.Tokens is [{ Value: string host }, ..] && !IsHost(host))
        {
            result.AddError($"{result.Option.Name} must be a host name or an address, without a scheme or a port, not '{host}'.");
        }
    }

    private static void RefuseWildcard(OptionResult result)
    {
        if (result.Tokens is [{ Value: string host }, ..] && IsWildcard(host))
        {
            result.AddError($"{result.Option.Name} must be a name or an address by which other nodes reach this one, not {host}, which is for listening.");
        }
    }

    private static IPEndPoint? ParseProbes(ArgumentResult result, string text)
    {
        IPEndPoint? endpoint = EndPointOf(text);
        if (endpoint is null)
        {
            result.AddError(ProbesError("--probes", text));
        }

        return endpoint;
    }

    private static string ProbesError(string name, string text) => $"{name} must be a port, or an IP address and a port such as 0.0.0.0:8670, not '{text}'.";

    private static IPEndPoint? EndPointOf(string text) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) ? new IPEndPoint(IPAddress.Loopback, port)
        : text.LastIndexOf(':') is var colon and > 0 && ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port)
            && IPAddress.TryParse(text.AsSpan(0, colon), out IPAddress? address) ? new IPEndPoint(address, port)
        : null;

    private static bool IsHost(string text) => Uri.CheckHostName(text) != UriHostNameType.Unknown;

    private static Option<int> Port(string name, string description, int defaultPort) =>
        new Option<int>(name) { Description = description, HelpName = "PORT", DefaultValueFactory = _ => defaultPort }.Whole(0, ushort.MaxValue);
}
