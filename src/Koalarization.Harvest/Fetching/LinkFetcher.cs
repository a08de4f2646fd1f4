using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using Koalarization.Harvest.Addresses;
using Koalarization.Harvest.Hosts;
using Koalarization.Harvest.Links;
using Koalarization.Harvest.Proxies;

namespace Koalarization.Harvest.Fetching;

/// <summary>Fetches links: one call is one try and comes to one outcome. Thread-safe; one for a whole process, so that connections are reused.</summary>
public sealed class LinkFetcher : ILinkFetcher, IDisposable
{
    private readonly FetchOptions _options;
    private readonly IPictureCheck? _check;
    private readonly TimeProvider _clock;
    private readonly CachingResolver _resolver;
    private readonly Dialer _dialer;
    private readonly BodyBudget _budget;
    private readonly HttpMessageInvoker _http;
    private readonly HttpMessageInvoker _fresh;
    private readonly ProcessPauses _pauses;
    private readonly Func<IPAddress, string?> _refusedRange;
    private readonly RemoteCertificateValidationCallback? _trust;

    // Hosts that were asked under other limits are probed under them: a probe that is refused would look like a dead network.
    private volatile Dialer _prober;

    /// <summary>A fetcher with connections of its own.</summary>
    /// <param name="options">The limits.</param>
    /// <param name="check">
    /// Checks whether a JPEG is whole; null: whatever begins as a JPEG is kept, and the caller finds out, because it decodes the body anyway.
    /// </param>
    /// <param name="resolver">Looks names up; null: as the machine does. What it says is remembered (<see cref="CachingResolver"/>).</param>
    /// <param name="clock">The deadlines' clock; null: the system's. Connecting is always timed by the system's.</param>
    public LinkFetcher(FetchOptions options, IPictureCheck? check = null, IHostResolver? resolver = null, TimeProvider? clock = null)
        : this(options, check, resolver, clock, options?.AllowPrivate == true ? _ => null : AddressTable.RefusedRange, trust: null)
    {
    }

    internal LinkFetcher(
        FetchOptions options,
        IPictureCheck? check,
        IHostResolver? resolver,
        TimeProvider? clock,
        Func<IPAddress, string?> refusedRange,
        RemoteCertificateValidationCallback? trust,
        TimeProvider? pauseClock = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _check = check;
        _clock = clock ?? TimeProvider.System;
        _budget = new BodyBudget(options.MaxBodyBytesInFlight);
        _resolver = resolver as CachingResolver ?? new CachingResolver(resolver ?? new SystemResolver(), _clock);
        _refusedRange = refusedRange;
        _trust = trust;
        _dialer = new Dialer(_resolver, refusedRange, options.ConnectTimeout, options.Proxies, options.Roots);
        _prober = _dialer;
        _http = new HttpMessageInvoker(HttpStack.CreateHandler(options, _dialer, trust), disposeHandler: true);
        _fresh = new HttpMessageInvoker(HttpStack.CreateFreshHandler(options, _dialer, trust), disposeHandler: true);
        _pauses = new ProcessPauses(pauseClock ?? TimeProvider.System);
    }

    private LinkFetcher(LinkFetcher own, FetchOptions options)
        : this(
            options, own._check, own._resolver, own._clock,
            options.AllowPrivate == own._options.AllowPrivate ? own._refusedRange : options.AllowPrivate ? _ => null : AddressTable.RefusedRange, own._trust) =>
        _budget = own._budget;

    /// <summary>Memory that bodies take now, in bytes.</summary>
    internal long BodyBytesTaken => _budget.Taken;

    /// <summary>Bodies that wait for memory now.</summary>
    internal int BodiesWaiting => _budget.Waiting;

    /// <summary>Tries a link once.</summary>
    /// <param name="link">The link.</param>
    /// <param name="cancellationToken">Gives the try up.</param>
    /// <returns>The outcome; the caller disposes it. Whatever a server does ends here, never in an exception.</returns>
    /// <exception cref="OperationCanceledException">By <paramref name="cancellationToken"/> only.</exception>
    public Task<FetchOutcome> FetchAsync(Link link, CancellationToken cancellationToken) => FetchAsync(link, isLastTry: true, cancellationToken);

    /// <summary>Tries a link once.</summary>
    /// <param name="link">The link.</param>
    /// <param name="isLastTry">Whether a whole picture is kept whose answer broke off: before the last try, another may come whole.</param>
    /// <param name="cancellationToken">Gives the try up.</param>
    /// <returns>As of <see cref="FetchAsync(Link, CancellationToken)"/>.</returns>
    public async Task<FetchOutcome> FetchAsync(Link link, bool isLastTry, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (RequestUrl.TryParse(link.Url ?? "", out string fault) is not { } url)
        {
            return new FetchOutcome(FetchOutcomeKind.BadUrl, fault);
        }

        long pauses = _pauses.Count;
        FetchOutcome outcome = await DownloadAsync(url, isLastTry, cancellationToken);
        if (SaysNothingAfterPause(outcome) && _pauses.Count != pauses)
        {
            outcome = outcome with { Uncounted = UncountedTry.ProcessPaused };
        }

        if (outcome.Body is null)
        {
            return outcome;
        }

        try
        {
            FetchOutcome judged = await JudgeAsync(outcome, outcome.Body, cancellationToken);
            outcome = judged.Kind == FetchOutcomeKind.Kept ? judged : Discarded(outcome, judged);
            return outcome;
        }
        catch
        {
            outcome.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _http.Dispose();
        _fresh.Dispose();
        _pauses.Dispose();
    }

    TimeProvider ILinkFetcher.Clock => _clock;

    LookupCounts ILinkFetcher.Lookups => _resolver.Lookups;

    Task<ProbeAnswer> ILinkFetcher.ProbeAsync(LinkHost host, CancellationToken cancellationToken) => _prober.ProbeAsync(host, cancellationToken);

    ILinkFetcher ILinkFetcher.With(Func<FetchOptions, FetchOptions> change)
    {
        var other = new LinkFetcher(this, change(_options));
        if (other._options.AllowPrivate)
        {
            _prober = other._dialer;
        }

        return other;
    }

    void ILinkFetcher.ForgetMissingHosts(TimeSpan learnedWithin) => _resolver.ForgetMissing(learnedWithin);

    private static FetchOutcome Discarded(FetchOutcome outcome, FetchOutcome judged)
    {
        outcome.Dispose();
        return judged;
    }

    /// <summary>Whether an outcome may come of a pause of this process: deadlines passed, or servers and routers closed what was silent.</summary>
    private static bool SaysNothingAfterPause(FetchOutcome outcome) =>
        outcome is { IsTransient: true, Uncounted: null, Kind: FetchOutcomeKind.Timeout or FetchOutcomeKind.Connection or FetchOutcomeKind.Dns };

    /// <summary>Follows the link to a body, under its deadlines.</summary>
    private async Task<FetchOutcome> DownloadAsync(RequestUrl url, bool isLastTry, CancellationToken cancellationToken)
    {
        using var deadlines = new FetchDeadlines(_options, _clock, cancellationToken);
        var route = new RedirectRoute(url, _options.MaxRedirects);
        try
        {
            while (true)
            {
                if (await AskAsync(route, deadlines, isLastTry) is { } outcome)
                {
                    return outcome with { Redirects = route.Followed };
                }
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return (deadlines.Passed() ?? FailureTable.OutcomeOf(e)) with { Redirects = route.Followed };
        }
    }

    /// <summary>
    /// Asks for the route's URL. Where the failure is one of the connection, of HTTP/2 or of a handshake, and not of the link, it is asked for once more at once, by
    /// HTTP/1.1 on a connection of its own, with older ciphers.
    /// </summary>
    /// <returns>The outcome; null: the route leads on.</returns>
    private async Task<FetchOutcome?> AskAsync(RedirectRoute route, FetchDeadlines deadlines, bool isLastTry)
    {
        Exception failure;
        try
        {
            return await AskAsync(_http, HttpVersion.Version20, route, deadlines, isLastTry);
        }
        catch (Exception e) when (!deadlines.Token.IsCancellationRequested && (FailureTable.IsStaleConnection(e) || FailureTable.IsOfHttp2(e) || FailureTable.IsOfHandshake(e)))
        {
            failure = e;
        }

        try
        {
            return await AskAsync(_fresh, HttpVersion.Version11, route, deadlines, isLastTry);
        }
        catch (Exception e) when (e is not OutOfMemoryException && FailureTable.IsOfHttp2(failure) && FailureTable.OutcomeOf(e).Uncounted is null
            && (deadlines.Passed() is not null || !deadlines.Token.IsCancellationRequested))
        {
            // It has no HTTP/1.1 to offer.
            return FailureTable.OutcomeOf(failure);
        }
    }

    private async Task<FetchOutcome?> AskAsync(HttpMessageInvoker http, Version newest, RedirectRoute route, FetchDeadlines deadlines, bool isLastTry)
    {
        Uri url = route.Current.Uri;
        ProxyAddress? proxy = _options.Proxies.Of(url);
        if (proxy is not null)
        {
            await _dialer.JudgeForProxyAsync(url.IdnHost.Trim('[', ']'), deadlines.Token);
        }

        ProxyAddress? speaker = proxy is not null && WebProxies.NamesWholeUrl(url, proxy) ? proxy : null;
        using HttpRequestMessage request = HttpStack.CreateRequest(route, newest, _options, deadlines, speaker);
        using HttpResponseMessage response = await http.SendAsync(request, deadlines.Token);
        deadlines.ResponseStarted();
        int status = (int)response.StatusCode;
        if (speaker is not null)
        {
            ProxyTunnel.ThrowIfOwn(speaker, status, name => First(response.Headers.NonValidated, name));
        }

        if (StatusTable.IsRedirect(status))
        {
            HttpHeadersNonValidated headers = response.Headers.NonValidated;
            return route.Follow(status, First(headers, "Location"), headers.TryGetValues("Set-Cookie", out HeaderStringValues cookies) ? (IEnumerable<string>)cookies : []);
        }

        long? wholeLength = status == 206 ? StatusTable.LengthOfWhole(First(response.Content.Headers.NonValidated, "Content-Range")) : null;
        return (wholeLength is null ? StatusTable.OutcomeOf(status, RetryAfter.Of(response, _clock)) : null)
            ?? await ReadAsync(response, wholeLength, deadlines, isLastTry);
    }

    /// <summary>Reads a body.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="wholeLength">The length of a whole body that was sent as a part; null: it was not.</param>
    /// <param name="deadlines">The try's deadlines.</param>
    /// <param name="isLastTry">Whether a whole picture is kept whose answer broke off.</param>
    private async ValueTask<FetchOutcome> ReadAsync(HttpResponseMessage response, long? wholeLength, FetchDeadlines deadlines, bool isLastTry)
    {
        IReadOnlyList<string> encodings = ContentDecoding.Of(response.Content.Headers);
        long? announced = response.Content.Headers.ContentLength;
        if (announced > _options.MaxBytes)
        {
            return new FetchOutcome(FetchOutcomeKind.TooLarge, $"{announced} bytes announced");
        }

        using var watch = new StallWatch(_options.StallWindow, _options.MinimumBytesPerSecond, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadlines.Token, watch.Token);
        BodyShare share = _budget.Open();
        PictureBody? body = null;
        try
        {
            Stream received = await response.Content.ReadAsStreamAsync(either.Token);
            await using Stream stream = await ContentDecoding.OpenAsync(received, encodings, _options.MaxBytes, either.Token);
            var reader = new BodyReader(share, _options.MaxBytes, watch, deadlines, isLastTry);
            body = await reader.ReadAsync(stream, encodings.Count == 0 ? announced : null, either.Token);
            if (body is null)
            {
                return new FetchOutcome(FetchOutcomeKind.TooLarge, string.Create(CultureInfo.InvariantCulture, $"more than {_options.MaxBytes} bytes"));
            }

            if (wholeLength is { } length && encodings.Count == 0 && length != body.Memory.Length)
            {
                body.Dispose();
                return new FetchOutcome(FetchOutcomeKind.HttpError, "206");
            }

            FetchOutcome? ifNotWhole = reader.BrokenOff is { } fault ? OutcomeOfBreak(fault) : null;
            return new FetchOutcome(FetchOutcomeKind.Kept, ifNotWhole is null ? null : $"whole, though the answer broke off: {ifNotWhole.Detail}")
            {
                Body = body,
                BodyBytes = body.Memory.Length,
                IfNotWhole = ifNotWhole,
            };
        }
        catch (Exception) when (watch.Token.IsCancellationRequested && !deadlines.Token.IsCancellationRequested)
        {
            return FetchDeadlines.OutcomeOf("stalled");
        }
        finally
        {
            if (body is null)
            {
                share.Dispose();
            }
        }
    }

    private async ValueTask<FetchOutcome> JudgeAsync(FetchOutcome outcome, PictureBody body, CancellationToken cancellationToken)
    {
        FetchOutcome refused = outcome with { Body = null, Detail = null, IfNotWhole = null };
        if (body.Memory.IsEmpty)
        {
            return refused with { Kind = FetchOutcomeKind.Empty };
        }

        if (!BodySignature.IsJpeg(body.Memory.Span))
        {
            return refused with { Kind = FetchOutcomeKind.NotJpeg, Detail = BodySignature.NameOf(body.Memory.Span) };
        }

        if (_check is null || await _check.CheckAsync(body.Memory, cancellationToken) is not { } fault)
        {
            return outcome;
        }

        return outcome.IfNotWhole is { } broken
            ? broken with { BodyBytes = outcome.BodyBytes, Redirects = outcome.Redirects }
            : refused with { Kind = fault.Kind, Detail = fault.Detail };
    }

    private static FetchOutcome OutcomeOfBreak(Exception fault) =>
        fault is OperationCanceledException ? FetchDeadlines.OutcomeOf("stalled") : FailureTable.OutcomeOf(fault);

    private static string? First(HttpHeadersNonValidated headers, string name) =>
        headers.TryGetValues(name, out HeaderStringValues values) ? values.FirstOrDefault() : null;
}
