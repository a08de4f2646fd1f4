using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using Koalarization.Harvest.Addresses;
using Koalarization.Harvest.Hosts;
using Koalarization.Harvest.Links;

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
        RemoteCertificateValidationCallback? trust)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _check = check;
        _clock = clock ?? TimeProvider.System;
        _budget = new BodyBudget(options.MaxBodyBytesInFlight);
        _resolver = resolver as CachingResolver ?? new CachingResolver(resolver ?? new SystemResolver(), _clock);
        _refusedRange = refusedRange;
        _trust = trust;
        _dialer = new Dialer(_resolver, refusedRange, options.ConnectTimeout);
        _prober = _dialer;
        _http = new HttpMessageInvoker(HttpStack.CreateHandler(options, _dialer, trust), disposeHandler: true);
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
    public async Task<FetchOutcome> FetchAsync(Link link, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (RequestUrl.TryParse(link.Url ?? "", out string fault) is not { } url)
        {
            return new FetchOutcome(FetchOutcomeKind.BadUrl, fault);
        }

        FetchOutcome outcome = await DownloadAsync(url, cancellationToken);
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
    public void Dispose() => _http.Dispose();

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

    /// <summary>Follows the link to a body, under its deadlines.</summary>
    private async Task<FetchOutcome> DownloadAsync(RequestUrl url, CancellationToken cancellationToken)
    {
        using var deadlines = new FetchDeadlines(_options, _clock, cancellationToken);
        var route = new RedirectRoute(url, _options.MaxRedirects);
        try
        {
            while (true)
            {
                using HttpRequestMessage request = HttpStack.CreateRequest(route.Current, _options, deadlines);
                using HttpResponseMessage response = await _http.SendAsync(request, deadlines.Token);
                deadlines.ResponseStarted();
                int status = (int)response.StatusCode;
                FetchOutcome? outcome = StatusTable.IsRedirect(status)
                    ? route.Follow(status, LocationOf(response))
                    : StatusTable.OutcomeOf(status, RetryAfter.Of(response, _clock)) ?? await ReadAsync(response, deadlines);
                if (outcome is not null)
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

    private async ValueTask<FetchOutcome> ReadAsync(HttpResponseMessage response, FetchDeadlines deadlines)
    {
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
            await using Stream stream = await response.Content.ReadAsStreamAsync(either.Token);
            body = await new BodyReader(share, _options.MaxBytes, watch, deadlines).ReadAsync(stream, announced, either.Token);
            return body is null
                ? new FetchOutcome(FetchOutcomeKind.TooLarge, string.Create(CultureInfo.InvariantCulture, $"more than {_options.MaxBytes} bytes"))
                : new FetchOutcome(FetchOutcomeKind.Kept) { Body = body, BodyBytes = body.Memory.Length };
        }
        catch (Exception) when (watch.Token.IsCancellationRequested && !deadlines.Token.IsCancellationRequested)
        {
            return FetchDeadlines.OutcomeOf("stalled");
        }
        catch (InvalidOperationException e) when (e is not ObjectDisposedException)
        {
            // So says the decoder of Brotli of bytes that are none; those of gzip and deflate say it like this.
            throw new InvalidDataException(e.Message, e);
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
        FetchOutcome refused = outcome with { Body = null };
        if (body.Memory.IsEmpty)
        {
            return refused with { Kind = FetchOutcomeKind.Empty };
        }

        if (!BodySignature.IsJpeg(body.Memory.Span))
        {
            return refused with { Kind = FetchOutcomeKind.NotJpeg, Detail = BodySignature.NameOf(body.Memory.Span) };
        }

        return _check is not null && await _check.CheckAsync(body.Memory, cancellationToken) is { } fault
            ? refused with { Kind = fault.Kind, Detail = fault.Detail }
            : outcome;
    }

    private static string? LocationOf(HttpResponseMessage response) =>
        response.Headers.NonValidated.TryGetValues("Location", out HeaderStringValues values) ? values.FirstOrDefault() : null;
}
