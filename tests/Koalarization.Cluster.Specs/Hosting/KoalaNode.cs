using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Hosting;
using Koalarization.Cluster.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Koalarization.Cluster.Specs.Hosting;

/// <summary>The actor system of a node, with its own configuration, remoting and cluster, on loopback.</summary>
internal sealed class KoalaNode : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly Lines _lines;

    private KoalaNode(IHost host, Lines lines) => (_host, _lines) = (host, lines);

    public ActorSystem System => _host.Services.GetRequiredService<ActorSystem>();

    public Akka.Cluster.Cluster Cluster => Akka.Cluster.Cluster.Get(System);

    /// <summary><c>host:port</c>.</summary>
    public string Address => $"{Cluster.SelfAddress.Host}:{Cluster.SelfAddress.Port}";

    /// <summary>What it logged as a warning or worse.</summary>
    public IEnumerable<string> Warnings => _lines.All;

    /// <summary>The members that it sees up, by port, in order.</summary>
    public IReadOnlyList<int> UpPorts =>
        [.. Cluster.State.Members.Where(member => member.Status == Akka.Cluster.MemberStatus.Up).Select(member => member.Address.Port!.Value).Order()];

    /// <summary>Starts one.</summary>
    public static async Task<KoalaNode> StartAsync(NodeEndpointOptions endpoint, Action<AkkaConfigurationBuilder>? more = null)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            // As if it were killed: the system's end is no leave.
            ["AKKA:COORDINATED_SHUTDOWN:RUN_BY_ACTOR_SYSTEM_TERMINATE"] = "off",
        });
        var lines = new Lines();
        ILoggerFactory loggers = LoggerFactory.Create(logging => logging.AddProvider(lines));
        builder.Services.AddAkka(endpoint.SystemName, akka =>
        {
            akka.AddKoalaSystem(endpoint, loggers, builder.Configuration);
            if (endpoint is { Members: not null, Beats: not null } && endpoint.Roles.Contains(NodeRoles.Control))
            {
                akka.AddMembers(loggers, endpoint);
            }

            more?.Invoke(akka);
        });
        IHost host = builder.Build();
        await host.StartAsync();
        return new KoalaNode(host, lines);
    }

    /// <summary>Ends it without a word to the others.</summary>
    public Task KillAsync() => System.Terminate();

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    private sealed class Lines : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> All { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                All.Enqueue(formatter(state, exception));
            }
        }

        public void Dispose()
        {
        }
    }
}
