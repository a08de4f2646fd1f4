using System.Net;
using Koalarization.Harvest.Addresses;
using Koalarization.Harvest.Fetching;
using Koalarization.Harvest.Links;

namespace Koalarization.Harvest.Tests.Fetching;

/// <summary>Fetchers for tests: short deadlines where one is to pass, long ones elsewhere.</summary>
internal static class Fetches
{
    public static readonly FetchOptions Loopback = new()
    {
        AllowPrivate = true,
        ConnectTimeout = TimeSpan.FromSeconds(60),
        FirstByteTimeout = TimeSpan.FromSeconds(60),
        TotalTimeout = TimeSpan.FromSeconds(60),
        StallWindow = TimeSpan.FromSeconds(60),
    };

    public static readonly TimeSpan Short = TimeSpan.FromMilliseconds(150);

    public static async Task<FetchOutcome> FetchAsync(string url, FetchOptions? options = null, IHostResolver? resolver = null)
    {
        using LinkFetcher fetcher = options?.AllowPrivate == false
            ? new LinkFetcher(options, new TestPictures(), resolver)
            : Fetcher(options, resolver);
        return await fetcher.FetchAsync(Link.Of(url), CancellationToken.None);
    }

#pragma warning disable CA5359 // Loopback, and the point of the tests with trustAll is not the certificate.
    public static LinkFetcher Fetcher(FetchOptions? options = null, IHostResolver? resolver = null, bool trustAll = true, string? refused = null) =>
        new(
            options ?? Loopback,
            new TestPictures(),
            resolver,
            clock: null,
            address => address.ToString() == refused ? "refused by the test" : null,
            trustAll ? (_, _, _, _) => true : null);
#pragma warning restore CA5359

    /// <summary>A resolver for which every name is this address, or fails so.</summary>
    public sealed class Resolver(Func<string, IReadOnlyList<IPAddress>> resolve) : IHostResolver
    {
        public ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken) =>
            ValueTask.FromResult(resolve(host));
    }
}
