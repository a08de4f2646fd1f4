using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Koalarization.Demo;

/// <summary>A web server on loopback, with drawn pictures and the faults of the open web.</summary>
public sealed class DemoWorld : IAsyncDisposable
{
    private readonly WebApplication _server;

    private DemoWorld(WebApplication server, IReadOnlyList<DemoPicture> pictures)
    {
        _server = server;
        Pictures = pictures;
        Root = server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        var links = new DemoLinks(pictures, Root);
        LinksText = links.Text;
        ExpectedSurvivors = links.Survivors;
    }

    /// <summary>The pictures, in the order of the list.</summary>
    public IReadOnlyList<DemoPicture> Pictures { get; }

    /// <summary><c>http://127.0.0.1:PORT</c>. Fetching from it needs <c>AllowPrivate</c>.</summary>
    public string Root { get; }

    /// <summary>The link list.</summary>
    public string LinksText { get; }

    /// <summary>The names (<c>md5.jpeg</c>) of the links that are kept with retries, in the list's order: one for each picture.</summary>
    public IReadOnlyList<string> ExpectedSurvivors { get; }

    /// <summary>Paints the pictures and starts the server on a free port.</summary>
    /// <param name="pictures">How many pictures, at least eight.</param>
    /// <param name="seed">Other seeds paint other pictures.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    public static async Task<DemoWorld> StartAsync(int pictures = 30, int seed = 1, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<DemoPicture> painted = DemoPictures.Render(pictures, seed);
        var answers = new DemoAnswers(painted, dribble: TimeSpan.FromMilliseconds(150));

        // Configuration files, environment and arguments must not change the server.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Limits.MinResponseDataRate = null;
        });
        WebApplication server = builder.Build();
        server.Run(answers.AnswerAsync);
        try
        {
            await server.StartAsync(cancellationToken);
            return new DemoWorld(server, painted);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops the server at once, also with responses open.</summary>
    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync(new CancellationToken(canceled: true));
        await _server.DisposeAsync();
    }
}
