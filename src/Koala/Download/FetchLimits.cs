using System.CommandLine;
using Koalarization.Dataset.State;
using Koalarization.Dataset.Wording;
using Koalarization.Harvest.Fetching;
using Koalarization.Harvest.Hosts;
using Koalarization.Harvest.Proxies;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Lifetime;
using Koalarization.Koala.Reporting;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Koala.Download;

/// <summary>The options of fetching, with the library's defaults.</summary>
internal sealed class FetchLimits
{
    /// <summary>Links fetched at once, unless it is said.</summary>
    public static int DefaultParallel => DownloadDefaults.Parallel;

    /// <summary>The option that names a proxy.</summary>
    public const string ProxyName = "--proxy";

    private const int Megabyte = 1_000_000;

    private static readonly FetchOptions Defaults = new();
    private static readonly DownloadOptions DownloadDefaults = new();

    private readonly Option<int> _parallel = new Option<int>("--parallel")
    {
        Description = "Links to fetch at once",
        HelpName = "N",
        DefaultValueFactory = _ => DownloadDefaults.Parallel,
    }.Whole(1, 65535);

    private readonly Option<int> _host = Whole("--host-limit", "Concurrent requests to one host; halved after a 429 or 503", DownloadDefaults.HostLimit, 1);
    private readonly Option<string?> _probe = Probe();
    private readonly Option<double> _connect = Seconds("--connect-timeout", "Timeout for connecting", Defaults.ConnectTimeout);
    private readonly Option<double> _firstByte = Seconds("--first-byte-timeout", "Timeout until the response begins", Defaults.FirstByteTimeout);
    private readonly Option<double> _total = Seconds("--timeout", "Timeout of one try in total", Defaults.TotalTimeout);
    private readonly Option<int> _rate = Whole("--min-rate", "Abort a body slower than this, in bytes per second over 5 s", Defaults.MinimumBytesPerSecond, 0);
    private readonly Option<int> _bytes = Whole("--max-bytes", "Maximum size of a response body, in bytes after decompression", Defaults.MaxBytes, 1);
    private readonly Option<int> _bodyMemory = Whole("--max-body-memory", "Memory for response bodies in flight, in MB", DefaultBodyMemory(), 1);
    private readonly Option<int> _redirects = Whole("--max-redirects", "Maximum redirects to follow", Defaults.MaxRedirects, 0);
    private readonly Option<int> _tries = Whole("--tries", "Maximum tries of a link, for transient failures", 3, 1);
    private readonly Option<double> _pixels = CommonOptions.MaxMegapixels();
    private readonly Option<bool> _private = new("--allow-private") { Description = "Also fetch from loopback and private addresses" };
    private readonly Option<string> _userAgent = UserAgent();

    private readonly Option<string?> _proxy = new(ProxyName)
    {
        Description = "Proxy for all links, http://, https://, socks5:// or socks5h://; empty for none (default: http_proxy, https_proxy, all_proxy; no_proxy)",
        HelpName = "URL",
    };

    private readonly Option<string?> _roots = new("--ca-file") { Description = "PEM file of certificates to trust beside the machine's", HelpName = "FILE" };

    // Where there is little memory, pictures need more of it than bodies.
    private static int DefaultBodyMemory() => (int)Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 8, 8 * Megabyte, Defaults.MaxBodyBytesInFlight) / Megabyte;

    private Option[] OutcomeOptions => [_connect, _firstByte, _total, _rate, _bytes, _redirects, _tries, _pixels, _private, _userAgent];

    public void AddTo(Command command)
    {
        command.Add(_parallel);
        command.Add(_host);
        command.Add(_probe);
        command.Add(_bodyMemory);
        command.Add(_proxy);
        command.Add(_roots);
        AddRulesTo(command);
    }

    /// <summary>Adds only those that change outcomes.</summary>
    public void AddRulesTo(Command command)
    {
        foreach (Option option in OutcomeOptions)
        {
            command.Add(option);
        }
    }

    /// <summary>What the user gave of the options that change outcomes; null: nothing.</summary>
    public FetchRules? Rules(ParseResult arguments) => Given(arguments) is var rules && rules == new FetchRules() ? null : rules;

    /// <summary>The options that the user gave of those that change outcomes.</summary>
    public IReadOnlyList<string> GivenRules(ParseResult arguments) =>
        [.. OutcomeOptions.Where(arguments.IsGiven).Select(option => option.Name)];

    public long MaxPixels(ParseResult arguments) => (long)(arguments.GetValue(_pixels) * 1e6);

    public DownloadOptions DownloadOptions(ParseResult arguments, IReporter reporter) => DownloadDefaults with
    {
        Parallel = Parallel(arguments.GetValue(_parallel), reporter),
        HostLimit = arguments.GetValue(_host),
        TryTimeout = TimeSpan.FromSeconds(arguments.GetValue(_total)),
        Retry = Given(arguments).ApplyTo(DownloadDefaults.Retry),
        Probe = LinkHost.TryParse(arguments.GetValue(_probe), out LinkHost host) ? host : null,
    };

    /// <summary>The limits of a fetch, and its way out.</summary>
    /// <exception cref="UserErrorException">A proxy or the file of certificates cannot be used.</exception>
    public FetchOptions Options(ParseResult arguments)
    {
        try
        {
            ProxySettings proxies = ProxySettings.Read(arguments.GetValue(_proxy), ProxyName, Environment.GetEnvironmentVariable);

            // Lists and checkpoints go the same way.
            HttpClient.DefaultProxy = new WebProxies(proxies, isOfLinks: false);
            return Given(arguments).ApplyTo(Defaults with
            {
                MaxBodyBytesInFlight = (long)arguments.GetValue(_bodyMemory) * Megabyte,
                Proxies = proxies,
                Roots = arguments.GetValue(_roots) is string file ? TrustedRoots.Read(file) : null,
            });
        }
        catch (FormatException e)
        {
            throw new UserErrorException(e.Message, ExitCode.UsageError);
        }
    }

    /// <summary>Says which proxies are in use, without their credentials.</summary>
    public static void ReportProxies(FetchOptions options, IReporter reporter)
    {
        if (options.Proxies.InUse is { Count: > 0 } used)
        {
            reporter.Report(new Note(
                $"Links are fetched through {string.Join(" and ", used.Select(one => $"{one.Proxy} ({one.Origin})"))}. Names are looked up here as well, to refuse private addresses; "
                + "those that cannot be looked up here are left to the proxy."));
        }
    }

    private FetchRules Given(ParseResult arguments) => new()
    {
        AllowPrivate = arguments.GivenValue(_private),
        ConnectTimeout = arguments.GivenValue(_connect),
        FirstByteTimeout = arguments.GivenValue(_firstByte),
        Timeout = arguments.GivenValue(_total),
        MinRate = arguments.GivenValue(_rate),
        MaxBytes = arguments.GivenValue(_bytes),
        MaxRedirects = arguments.GivenValue(_redirects),
        Tries = arguments.GivenValue(_tries),
        MaxMegapixels = arguments.GivenValue(_pixels),
        UserAgent = arguments.GivenValue(_userAgent),
    };

    // Links beyond the limit would fail, and be recorded so.
    private static int Parallel(int asked, IReporter reporter)
    {
        int links = Math.Max(1, OpenFiles.Links);
        if (links < asked)
        {
            reporter.Report(new Note(
                $"Only {Amount.Of(OpenFiles.Limit, "file")} may be open at once, so {Amount.Of(links, "link is", "links are")} fetched at once, not {asked}; raise the limit with ulimit -n for more."));
        }

        return Math.Min(asked, links);
    }

    private static Option<string?> Probe()
    {
        var option = new Option<string?>("--probe")
        {
            Description = "URL whose host answers whenever the network works, to tell dead links from a dead network (default: hosts that answered)",
            HelpName = "URL",
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: string url }, ..] && !LinkHost.TryParse(url, out _))
            {
                result.AddError($"{option.Name} must be an http(s) URL, not '{url}'.");
            }
        });
        return option;
    }

    private static Option<string> UserAgent()
    {
        var option = new Option<string>("--user-agent")
        {
            Description = "User-Agent header to send",
            HelpName = "TEXT",
            DefaultValueFactory = _ => Defaults.UserAgent,
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: string text }, ..] && FetchOptions.UserAgentFault(text) is string fault)
            {
                result.AddError($"{option.Name} must be printable ASCII characters on one line, since no request can have others; it has {fault}.");
            }
        });
        return option;
    }

    private static Option<int> Whole(string name, string description, int value, int minimum) =>
        new Option<int>(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => value }.Whole(minimum);

    private static Option<double> Seconds(string name, string description, TimeSpan value) => new Option<double>(name)
    {
        Description = description + ", in seconds",
        HelpName = "S",
        DefaultValueFactory = _ => value.TotalSeconds,
    }.Number(seconds => seconds is >= 0.001 and <= 86400, "a number of seconds, more than 0 and at most 86400, such as 5 or 2.5");
}
