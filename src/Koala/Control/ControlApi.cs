using System.Globalization;
using System.Text.Json;
using Koalarization.Cluster.Control;
using Koalarization.Cluster.Coordination;
using Koalarization.Harvest.Links;
using Koalarization.Koala.Control.Page;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Koalarization.Koala.Control;

/// <summary>The HTTP API of a control node. Any control node answers, wherever the coordinator runs.</summary>
/// <param name="control">Queries the coordinator.</param>
/// <param name="isMember">Whether this node is a member of the cluster.</param>
/// <param name="feed">What pages follow.</param>
/// <param name="sampler">Reads samples of data sets.</param>
/// <param name="log">Where refused jobs are logged.</param>
internal sealed partial class ControlApi(ControlService control, Func<bool> isMember, ClusterFeed feed, JobSampler sampler, ILogger log)
{
    /// <summary>Maximum size of a request's body.</summary>
    public const int MaxBodyBytes = 64 << 10;

    /// <summary>Maps the API's paths.</summary>
    public void Map(IEndpointRouteBuilder paths)
    {
        ClusterPage.Map(paths);
        paths.MapGet("/api/v1/events", EventsAsync);
        paths.MapGet("/api/v1/jobs", Answering(_ => control.JobsAsync()));
        paths.MapPost("/api/v1/jobs", SubmitAsync);
        paths.MapGet("/api/v1/jobs/{job}", Answering(context => control.JobAsync(RouteValue(context, "job"))));
        paths.MapDelete("/api/v1/jobs/{job}", Answering(async context => new { (await control.CancelAsync(RouteValue(context, "job"))).Job }));
        paths.MapPost("/api/v1/jobs/{job}/retry", Answering(async context => new { (await control.RetryFailedAsync(RouteValue(context, "job"))).Job }));
        paths.MapGet("/api/v1/jobs/{job}/sample", Answering(async context => await sampler.SampleAsync(await control.JobAsync(RouteValue(context, "job")))));
        paths.MapGet("/api/v1/jobs/{job}/picture", PictureAsync);
        paths.MapGet("/api/v1/nodes", Answering(_ => control.NodesAsync()));
        paths.MapPost("/api/v1/nodes/{node}/drain", Answering(context => control.DrainAsync(RouteValue(context, "node"))));
        paths.MapGet("/api/v1/scaling/embed", Answering(ScalingAsync));
        paths.MapGet("/api/v1/store", Answering(_ => Task.FromResult(new { Root = control.Store })));
        paths.MapGet("/healthz/live", context => WriteAsync(context, StatusCodes.Status200OK, new { Live = true }));
        paths.MapGet("/healthz/ready", ReadyAsync);
        paths.MapFallback(context => FailAsync(context, StatusCodes.Status404NotFound, $"{context.Request.Path} does not exist."));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Refused a job: {Reason}")]
    private static partial void Refused(ILogger log, string reason);

    private static RequestDelegate Answering<T>(Func<HttpContext, Task<T>> answer) => async context =>
    {
        try
        {
            await WriteAsync(context, StatusCodes.Status200OK, await answer(context));
        }
        catch (ControlException failed)
        {
            await FailAsync(context, CodeOf(failed.Error), failed.Message);
        }
    };

    private static int CodeOf(ControlError error) => error switch
    {
        ControlError.Invalid => StatusCodes.Status400BadRequest,
        ControlError.NotFound => StatusCodes.Status404NotFound,
        ControlError.Conflict => StatusCodes.Status409Conflict,
        _ => StatusCodes.Status503ServiceUnavailable,
    };

    // Routing does not decode an encoded slash, and a folder's path may have some.
    private static string RouteValue(HttpContext context, string name) =>
        ((string)context.GetRouteValue(name)!).Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    private static Task FailAsync(HttpContext context, int code, string sentence) => WriteAsync(context, code, new { Error = sentence });

    private static Task WriteAsync<T>(HttpContext context, int code, T answer)
    {
        context.Response.StatusCode = code;
        context.Response.ContentType = "application/json; charset=utf-8";
        return context.Response.WriteAsync(UrlSecrets.Hide(JsonSerializer.Serialize(answer, JobsJson.Options)), context.RequestAborted);
    }

    private async Task SubmitAsync(HttpContext context)
    {
        // A web page in a browser cannot send this type without a preflight request.
        if (!context.Request.HasJsonContentType())
        {
            await FailAsync(context, StatusCodes.Status415UnsupportedMediaType, "the request body must be application/json.");
            return;
        }

        try
        {
            JobsProtocol.JobAccepted accepted = await control.SubmitAsync(await JobsJson.ReadSpecAsync(context.Request.Body, context.RequestAborted));
            await WriteAsync(context, accepted.IsNew ? StatusCodes.Status201Created : StatusCodes.Status200OK, accepted);
        }
        catch (ControlException failed)
        {
            Refused(log, failed.Message);
            await FailAsync(context, CodeOf(failed.Error), failed.Message);
        }
        catch (BadHttpRequestException invalid)
        {
            await FailAsync(context, invalid.StatusCode, invalid.StatusCode switch
            {
                StatusCodes.Status413PayloadTooLarge => $"the request body must not exceed {MaxBodyBytes} bytes.",
                StatusCodes.Status408RequestTimeout => "the request body came too slowly.",
                _ => "the request body cannot be read.",
            });
        }
    }

    private async Task EventsAsync(HttpContext context)
    {
        if (!await new EventStream(feed).AnswerAsync(context))
        {
            await FailAsync(context, StatusCodes.Status503ServiceUnavailable, $"{ClusterFeed.MaxFollowers} pages follow this control node already; close some.");
        }
    }

    private async Task PictureAsync(HttpContext context)
    {
        try
        {
            JobsProtocol.JobStatus job = await control.JobAsync(RouteValue(context, "job"));
            if (await sampler.PictureAsync(job, context.Request.Query["name"].ToString()) is not byte[] picture)
            {
                throw new ControlException(ControlError.NotFound, "the job's newest pictures have no such one.");
            }

            context.Response.ContentType = "image/jpeg";
            await context.Response.Body.WriteAsync(picture, context.RequestAborted);
        }
        catch (ControlException failed)
        {
            await FailAsync(context, CodeOf(failed.Error), failed.Message);
        }
    }

    private async Task<object> ScalingAsync(HttpContext context)
    {
        int perEmbedder = JobsProtocol.EmbedDemand.DefaultPicturesPerEmbedder;
        if (context.Request.Query["pictures_per_embedder"] is [string text, ..]
            && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out perEmbedder) || perEmbedder == 0))
        {
            throw new ControlException(ControlError.Invalid, $"pictures_per_embedder must be a positive whole number, not '{text}'.");
        }

        JobsProtocol.EmbedDemand demand = await control.EmbedDemandAsync();
        return new { Wanted = demand.Wanted(perEmbedder), demand.Records, demand.Pictures, demand.Embedders, demand.Opening };
    }

    private async Task ReadyAsync(HttpContext context)
    {
        string? reason = null;
        try
        {
            reason = isMember() ? null : "this node has not joined the cluster yet.";
            if (reason is null)
            {
                await control.NodesAsync();
            }
        }
        catch (ControlException failed)
        {
            reason = failed.Message;
        }

        await WriteAsync(context, reason is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, new { Ready = reason is null, Error = reason });
    }
}
