using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Koalarization.Demo;

/// <summary>A small web on loopback, with pictures of its own and the faults of the large one.</summary>
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

    /// <summary>The names (<c>md5.jpeg</c>) of the links that a harvest with retries keeps, in the list's order: one for each picture.</summary>
    public IReadOnlyList<string> ExpectedSurvivors { get; }

    /// <summary>Paints the pictures and opens the web on a free port.</summary>
    /// <param name="pictures">How many pictures, at least eight.</param>
    /// <param name="seed">Other seeds paint other pictures.</param>
    /// <param name="cancellationToken">Gives the start up.</param>
    public static async Task<DemoWorld> StartAsync(int pictures = 30, int seed = 1, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<DemoPicture> painted = DemoPictures.Render(pictures, seed);
        var answers = new DemoAnswers(painted, dribble: TimeSpan.FromMilliseconds(150));

        // Nothing of the user's machine (settings files, environment, arguments) may move the demo's server.
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

    /// <summary>Closes the web at once, also under an open answer.</summary>
    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync(new CancellationToken(canceled: true));
        await _server.DisposeAsync();
    }
}
