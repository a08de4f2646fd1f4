using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using Koalarization.Cluster.Hosting;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Control;

namespace Koalarization.Koala.Node;

/// <summary>The options of a control node's HTTP API: where it listens, and whom it answers.</summary>
internal sealed class HttpOptions
{
    /// <summary>The default port.</summary>
    public const int DefaultPort = 8660;

    private readonly Option<int> _port = new Option<int>("--http")
    {
        Description = "Port of the HTTP API, role control only; 0 for any",
        HelpName = "PORT",
        DefaultValueFactory = _ => DefaultPort,
    }.Whole(0, ushort.MaxValue);

    private readonly Option<string> _address = new("--listen")
    {
        Description = "Address of the HTTP API, role control only; beyond loopback it needs --token-file",
        HelpName = "ADDRESS",
        DefaultValueFactory = _ => "127.0.0.1",
    };

    private readonly Option<string?> _token = new("--token-file")
    {
        Description = "File with the token that the HTTP API asks for",
        HelpName = "FILE",
    };

    private readonly Option<string?> _viewToken = new("--view-token-file")
    {
        Description = "File with a second token, with which one may look and not command",
        HelpName = "FILE",
    };

    public void AddTo(Command command)
    {
        _address.Validators.Add(ValidateAddress);
        command.Add(_port);
        command.Add(_address);
        command.Add(_token);
        command.Add(_viewToken);
    }

    /// <summary>Where the API listens; null for a node without one.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="roles">The node's roles.</param>
    /// <param name="isEncrypted">Whether the node has a certificate.</param>
    /// <param name="allowsPlain">Whether plain HTTP may be open to the network.</param>
    /// <exception cref="UserErrorException">The options do not go together, or a token cannot be read.</exception>
    public ControlEndpoint? Endpoint(ParseResult arguments, IReadOnlyList<string> roles, bool isEncrypted, bool allowsPlain)
    {
        if (!roles.Contains(NodeRoles.Control))
        {
            return Given(arguments) is Option given
                ? throw new UserErrorException($"{given.Name} is for control nodes; omit it, or add the role control.", ExitCode.UsageError)
                : null;
        }

        string? token = arguments.GetValue(_token), viewToken = arguments.GetValue(_viewToken);
        if (viewToken is not null && token is null)
        {
            throw new UserErrorException("--view-token-file is for beside --token-file; give both.", ExitCode.UsageError);
        }

        var endpoint = new ControlEndpoint(IPAddress.Parse(arguments.GetRequiredValue(_address)), arguments.GetValue(_port))
        {
            Tokens = token is null ? null : new ControlTokens(new TokenFile(Path.GetFullPath(token)), viewToken is null ? null : new TokenFile(Path.GetFullPath(viewToken))),
        };
        return endpoint switch
        {
            { IsLocal: false, Tokens: null } => throw new UserErrorException(
                $"--listen {endpoint.Address} opens the HTTP API to the network; give --token-file with the token that it asks for.", ExitCode.UsageError),
            { IsLocal: false } when !isEncrypted && !allowsPlain => throw new UserErrorException(
                $"--listen {endpoint.Address} would take tokens over plain HTTP, where others may read them; give --tls-cert, --tls-key and --tls-ca, or --insecure where no one can.",
                ExitCode.UsageError),
            _ => endpoint,
        };
    }

    private Option? Given(ParseResult arguments) =>
        new Option[] { _port, _address, _token, _viewToken }.FirstOrDefault(option => arguments.GetResult(option) is not (null or { Implicit: true }));

    private static void ValidateAddress(OptionResult result)
    {
        if (result.Tokens is [{ Value: string address }, ..] && !IPAddress.TryParse(address, out _))
        {
            result.AddError($"--listen must be an address of this machine, such as 0.0.0.0, not '{address}'.");
        }
    }
}
