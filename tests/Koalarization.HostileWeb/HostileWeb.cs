using System.Net;
using System.Net.Sockets;
using Koalarization.Hostile.Rows;
using Koalarization.Hostile.Serving;

namespace Koalarization.Hostile;

/// <summary>
/// The open web as a harvester finds it, on loopback: servers that are slow, broken, lying or malicious, each declared in one
/// row of a table (<c>Rows</c>) with what must become of its link. Nothing of it is left when it is disposed.
/// </summary>
public sealed class HostileWeb : IAsyncDisposable
{
    private readonly Certificates _certificates = new();
    private readonly Dictionary<string, Served> _served = new(StringComparer.Ordinal);
    private readonly List<Served> _listed = [];
    private readonly List<RawServer> _servers = [];
    private readonly FullPort _fullPort = new();
    private readonly RawServer _main;
    private readonly string _folder = Directory.CreateTempSubdirectory("hostile-web-").FullName;
    private readonly RawServer _second;
    private int _strays;

    private HostileWeb(int goodPictures)
    {
        _main = Started(new RawServer(ServeAsync));
        _second = Started(new RawServer(ServeAsync));
        foreach (Row row in Table(goodPictures))
        {
            Open(row);
        }

        Links = new HostileLinks([.. _listed.Select(served => served.Endpoint)], Root);
        File.WriteAllText(AuthorityFile, _certificates.AuthorityPem);
    }

    /// <summary>The common server: <c>http://127.0.0.1:PORT</c>.</summary>
    public string Root => "http://" + _main.Authority;

    /// <summary>Every link of the list, once.</summary>
    public IReadOnlyList<HostileEndpoint> Endpoints => Links.Endpoints;

    /// <summary>The list as a file has it.</summary>
    public string LinksText => Links.TextOf(Endpoints);

    /// <summary>Lists of some of the links.</summary>
    public HostileLinks Links { get; }

    /// <summary>
    /// The authority that signed the good certificates, as a PEM file: a client trusts it when its environment names the file
    /// in <c>SSL_CERT_FILE</c>.
    /// </summary>
    public string AuthorityFile => Path.Combine(_folder, "authority.pem");

    /// <summary>Connections taken so far, by all servers.</summary>
    public int Connections => _servers.Sum(server => server.Connections);

    /// <summary>Requests for what is in no row.</summary>
    public int Strays => Volatile.Read(ref _strays);

    /// <summary>Opens the web on free ports.</summary>
    /// <param name="goodPictures">How many good pictures there are beside the table.</param>
    public static Task<HostileWeb> StartAsync(int goodPictures = 0) => Task.Run(() => new HostileWeb(goodPictures));

    /// <summary>
    /// Opens the redirects that lead to addresses which are not of the open web: no list that is fetched with private addresses
    /// allowed has them, so they are asked for one by one.
    /// </summary>
    /// <returns>Their links, with the range that each leads to as the detail.</returns>
    public IReadOnlyList<HostileEndpoint> OpenRefusedRedirects()
    {
        int before = _listed.Count;
        foreach (Row row in RefusedRedirectRows.All)
        {
            Open(row);
        }

        return [.. _listed.Skip(before).Select(served => served.Endpoint)];
    }

    /// <summary>Closes the web, also under open answers.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (RawServer server in _servers)
        {
            await server.DisposeAsync();
        }

        _fullPort.Dispose();
        _certificates.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private IEnumerable<Row> Table(int goodPictures) =>
    [
        .. StatusRows.All,
        .. RedirectRows.All(() => _listed.Single(served => served.Row.Target == TlsRows.GoodTarget).Endpoint.Url, _main.Authority),
        .. BusyRows.All,
        .. SlowRows.All,
        .. ConnectionRows.All(ClosedPort(), _fullPort.Authority),
        .. TlsRows.All(_certificates),
        .. MessageRows.All,
        .. BodyRows.All,
        .. AddressRows.All.Where(row => row.Endpoint != RowEndpoint.OwnPortOfIPv6 || Socket.OSSupportsIPv6),
        .. Enumerable.Range(0, goodPictures).Select(i => Photos.All[i % Photos.All.Length] is var photo
            ? Row.Keeps($"/many/{i}.jpg", "a good picture", photo, Answers.Body(photo))
            : null!),
    ];

    private void Open(Row row)
    {
        // A port of its own is open before its link can be written; no client comes before that.
        Served served = null!;
        string at = row.Endpoint switch
        {
            RowEndpoint.OwnPort => OwnPort(() => served, IPAddress.Loopback),
            RowEndpoint.OwnPortOfIPv6 => OwnPort(() => served, IPAddress.IPv6Loopback),
            RowEndpoint.OwnAddress => Started(new RawServer(ServeAsync, new IPAddress([127, 0, 0, (byte)(1 + _servers.Count)]))).Authority,
            RowEndpoint.Second => _second.Authority,
            _ => _main.Authority,
        };
        string url = row.Link.Replace("{at}", at).Replace("{port}", at[(at.LastIndexOf(':') + 1)..]);
        var endpoint = new HostileEndpoint(url, row.Does, row.Outcome, row.Detail)
        {
            Kept = row.Kept,
            NeedsTurboJpeg = row.NeedsTurboJpeg,
            AsksForLongPause = row.AsksForLongPause,
            Otherwise = row.Otherwise,
        };
        served = new Served(row, endpoint);
        if (row.Endpoint is RowEndpoint.Shared or RowEndpoint.Second or RowEndpoint.OwnAddress)
        {
            _served.Add(row.Target, served);
        }

        if (row.IsListed)
        {
            _listed.Add(served);
        }
    }

    private string OwnPort(Func<Served> served, IPAddress address) => Started(new RawServer(
        (stream, stopping) => served().Row.Answer(new Exchange(stream, stream.Socket, stopping) { Times = served().Endpoint.Asked() }), address)).Authority;

    private RawServer Started(RawServer server)
    {
        _servers.Add(server);
        return server;
    }

    private static string ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener.LocalEndpoint.ToString()!;
    }

    /// <summary>One connection to a server whose requests are distinguished by their targets.</summary>
    private async Task ServeAsync(NetworkStream stream, CancellationToken stopping)
    {
        var connection = new Exchange(stream, stream.Socket, stopping);
        while (true)
        {
            Exchange exchange = await connection.ReadAsync();
            if (exchange.Request.Length == 0)
            {
                return;
            }

            if (!_served.TryGetValue(exchange.Target, out Served? served))
            {
                Interlocked.Increment(ref _strays);
                await Answers.Status("404 Not Found")(exchange);
                return;
            }

            exchange = exchange.Again(served.Endpoint.Asked());
            await served.Row.Answer(exchange);
            if (!exchange.StaysOpen)
            {
                return;
            }
        }
    }

    private sealed record Served(Row Row, HostileEndpoint Endpoint);
}
