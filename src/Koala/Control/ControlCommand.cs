using System.CommandLine;
using Koalarization.Cluster.Tls;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Node;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Control;

/// <summary>A command that uses the HTTP API of a cluster's control nodes.</summary>
internal abstract class ControlCommand : KoalaCommand
{
    private const string ControlVariable = "KOALA_CONTROL";
    private const string TokenVariable = "KOALA_TOKEN_FILE";
    private const string Default = "http://127.0.0.1:8660";

    private readonly Option<string> _control = new("--control")
    {
        Description = "Comma-separated URLs of control nodes; the first that answers is used (default: KOALA_CONTROL, or " + Default + ")",
        HelpName = "URL",
    };

    private readonly Option<string?> _token = new("--token-file")
    {
        Description = $"File with the token that the control nodes ask for (default: {TokenVariable})",
        HelpName = "FILE",
    };

    private readonly Option<string?> _authority = new("--ca-file")
    {
        Description = $"The authority that signed the control nodes' certificates, in PEM, for https (default: {TlsOptions.AuthorityVariable}, or this machine's authorities)",
        HelpName = "FILE",
    };

    private readonly Option<bool> _insecure = new("--insecure") { Description = "Send the token over plain http to another machine" };

    protected ControlCommand(string name, string description, TimeProvider time)
        : base(name, description, time)
    {
        Add(_control);
        Add(_token);
        Add(_authority);
        Add(_insecure);
    }

    /// <summary>The options that say how the control nodes are reached.</summary>
    public IReadOnlyList<Option> AccessOptions => [_control, _token, _authority, _insecure];

    /// <summary>Does the work where the cluster is reached in another way.</summary>
    public Task<int> RunOnAsync(ParseResult arguments, IControl control, IReporter reporter, CancellationToken cancellation) =>
        RunAsync(arguments, control, reporter, cancellation);

    protected sealed override async Task<int> RunAsync(ParseResult arguments, IReporter reporter, CancellationToken cancellation)
    {
        string urls = arguments.GetValue(_control) ?? EnvironmentVariable.Value(ControlVariable) ?? Default;
        Uri[] controls = Controls(urls);
        TokenFile? token = (arguments.GetValue(_token) ?? EnvironmentVariable.Value(TokenVariable)) is string file ? new TokenFile(Path.GetFullPath(file)) : null;
        if (token is not null && !arguments.GetValue(_insecure) && controls.FirstOrDefault(control => control.Scheme == Uri.UriSchemeHttp && !control.IsLoopback) is Uri open)
        {
            throw new UserErrorException($"{open} is plain http, and others could read the token; use https, or --insecure where no one else can.", ExitCode.UsageError);
        }

        string? authority = arguments.GetValue(_authority) ?? EnvironmentVariable.Value(TlsOptions.AuthorityVariable);
        using var control = new ControlClient(controls, token, authority is null ? null : PemFiles.Certificates(Path.GetFullPath(authority), "CA file"));
        return await RunAsync(arguments, control, reporter, cancellation);
    }

    /// <summary>Does the work and returns the exit code.</summary>
    protected abstract Task<int> RunAsync(ParseResult arguments, IControl control, IReporter reporter, CancellationToken cancellation);

    private static Uri[] Controls(string urls)
    {
        string[] parts = urls.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return parts.Length > 0
            ? [.. parts.Select(Control)]
            : throw new UserErrorException($"no control node URL in '{urls}'; use one such as {Default}.", ExitCode.UsageError);
    }

    private static Uri Control(string url) =>
        Uri.TryCreate(url.Contains("://", StringComparison.Ordinal) ? url : "http://" + url, UriKind.Absolute, out Uri? control)
            && control is { Scheme: "http" or "https", Host.Length: > 0, UserInfo.Length: 0 }
            ? new Uri(control.GetLeftPart(UriPartial.Authority))
            : throw new UserErrorException($"'{url}' is not a valid control node URL; use one such as {Default}, and give a token with --token-file.", ExitCode.UsageError);
}
