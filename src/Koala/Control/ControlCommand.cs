using System.CommandLine;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Control;

/// <summary>A command that uses the HTTP API of a cluster's control nodes.</summary>
internal abstract class ControlCommand : KoalaCommand
{
    private const string Variable = "KOALA_CONTROL";
    private const string Default = "http://127.0.0.1:8660";

    private readonly Option<string> _control = new("--control")
    {
        Description = "Comma-separated URLs of control nodes; the first that answers is used (default: KOALA_CONTROL, or " + Default + ")",
        HelpName = "URL",
    };

    protected ControlCommand(string name, string description, TimeProvider time)
        : base(name, description, time) => Add(_control);

    protected sealed override async Task<int> RunAsync(ParseResult arguments, IReporter reporter, CancellationToken cancellation)
    {
        string urls = arguments.GetValue(_control) ?? (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } fromEnvironment ? fromEnvironment : Default);
        using var control = new ControlClient(Controls(urls));
        return await RunAsync(arguments, control, reporter, cancellation);
    }

    /// <summary>Does the work and returns the exit code.</summary>
    protected abstract Task<int> RunAsync(ParseResult arguments, ControlClient control, IReporter reporter, CancellationToken cancellation);

    private static Uri[] Controls(string urls)
    {
        string[] parts = urls.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return parts.Length > 0
            ? [.. parts.Select(Control)]
            : throw new UserErrorException($"no control node URL in '{urls}'; use one such as {Default}.", ExitCode.UsageError);
    }

    private static Uri Control(string url) =>
        Uri.TryCreate(url.Contains("://", StringComparison.Ordinal) ? url : "http://" + url, UriKind.Absolute, out Uri? control)
            && control.Scheme is "http" or "https" && control.Host.Length > 0
            ? new Uri(control.GetLeftPart(UriPartial.Authority))
            : throw new UserErrorException($"'{url}' is not a valid control node URL; use one such as {Default}.", ExitCode.UsageError);
}
