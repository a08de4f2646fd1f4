using Koalarization.Cluster;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Koalarization.Koala.Doors;

/// <summary>The HTTP API of a control node. Any of them answers, whichever has the coordinator.</summary>
/// <param name="door">What is asked of the cluster.</param>
/// <param name="isMember">Whether this node is a full member of it.</param>
internal sealed class ControlApi(JobsDoor door, Func<bool> isMember)
{
    /// <summary>A job's description is longer than this by mistake only.</summary>
    public const int MostBodyBytes = 64 << 10;

    /// <summary>Maps the API's paths.</summary>
    public void Map(IEndpointRouteBuilder paths)
    {
        paths.MapGet("/api/v1/jobs", Answering(_ => door.JobsAsync()));
        paths.MapPost("/api/v1/jobs", SubmitAsync);
        paths.MapGet("/api/v1/jobs/{job}", Answering(context => door.JobAsync(Word(context, "job"))));
        paths.MapDelete("/api/v1/jobs/{job}", Answering(async context => new { (await door.CancelAsync(Word(context, "job"))).Job }));
        paths.MapGet("/api/v1/nodes", Answering(_ => door.NodesAsync()));
        paths.MapPost("/api/v1/nodes/{node}/drain", Answering(context => door.DrainAsync(Word(context, "node"))));
        paths.MapGet("/api/v1/store", Answering(_ => Task.FromResult(new { Root = door.Store })));
        paths.MapGet("/healthz/live", context => WriteAsync(context, StatusCodes.Status200OK, new { Live = true }));
        paths.MapGet("/healthz/ready", ReadyAsync);
        paths.MapFallback(context => FailAsync(context, StatusCodes.Status404NotFound, $"there is no {context.Request.Path} here."));
    }

    private static RequestDelegate Answering<T>(Func<HttpContext, Task<T>> answer) => async context =>
    {
        try
        {
            await WriteAsync(context, StatusCodes.Status200OK, await answer(context));
        }
        catch (DoorException trouble)
        {
            await FailAsync(context, CodeOf(trouble.Trouble), trouble.Message);
        }
    };

    private static int CodeOf(DoorTrouble trouble) => trouble switch
    {
        DoorTrouble.Unfit => StatusCodes.Status400BadRequest,
        DoorTrouble.Unknown => StatusCodes.Status404NotFound,
        DoorTrouble.Refused => StatusCodes.Status409Conflict,
        _ => StatusCodes.Status503ServiceUnavailable,
    };

    // Routing leaves an encoded slash as it is, and a folder's name may have some.
    private static string Word(HttpContext context, string name) =>
        ((string)context.GetRouteValue(name)!).Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    private static Task FailAsync(HttpContext context, int code, string sentence) => WriteAsync(context, code, new { Error = sentence });

    private static Task WriteAsync<T>(HttpContext context, int code, T answer)
    {
        context.Response.StatusCode = code;
        return context.Response.WriteAsJsonAsync(answer, JobsJson.Options, context.RequestAborted);
    }

    private async Task SubmitAsync(HttpContext context)
    {
        // A page of the web cannot send this kind without being asked first whether it may.
        if (!context.Request.HasJsonContentType())
        {
            await FailAsync(context, StatusCodes.Status415UnsupportedMediaType, "a job is sent as application/json.");
            return;
        }

        try
        {
            JobsProtocol.JobAccepted accepted = await door.SubmitAsync(await JobOrder.ReadAsync(context.Request.Body, context.RequestAborted));
            await WriteAsync(context, accepted.IsNew ? StatusCodes.Status201Created : StatusCodes.Status200OK, accepted);
        }
        catch (DoorException trouble)
        {
            await FailAsync(context, CodeOf(trouble.Trouble), trouble.Message);
        }
        catch (BadHttpRequestException unfit)
        {
            await FailAsync(context, unfit.StatusCode, $"a job's description has {MostBodyBytes} bytes at most.");
        }
    }

    private async Task ReadyAsync(HttpContext context)
    {
        string? why = null;
        try
        {
            why = isMember() ? null : "this node is no member of a cluster yet.";
            if (why is null)
            {
                await door.NodesAsync();
            }
        }
        catch (DoorException trouble)
        {
            why = trouble.Message;
        }

        await WriteAsync(context, why is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, new { Ready = why is null, Error = why });
    }
}
