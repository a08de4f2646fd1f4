using Koalarization.Harvest.Fetching;

namespace Koalarization.Harvest.Tests.Fetching;

public sealed class StatusOutcomeTests
{
    [Theory]
    [InlineData(204, FetchOutcomeKind.Empty, false)]
    [InlineData(206, FetchOutcomeKind.HttpError, false)]
    [InlineData(300, FetchOutcomeKind.HttpError, false)]
    [InlineData(304, FetchOutcomeKind.HttpError, false)]
    [InlineData(400, FetchOutcomeKind.HttpError, false)]
    [InlineData(401, FetchOutcomeKind.Forbidden, false)]
    [InlineData(403, FetchOutcomeKind.Forbidden, false)]
    [InlineData(404, FetchOutcomeKind.NotFound, false)]
    [InlineData(408, FetchOutcomeKind.Connection, true)]
    [InlineData(410, FetchOutcomeKind.NotFound, false)]
    [InlineData(418, FetchOutcomeKind.HttpError, false)]
    [InlineData(429, FetchOutcomeKind.TooManyRequests, true)]
    [InlineData(451, FetchOutcomeKind.Forbidden, false)]
    [InlineData(500, FetchOutcomeKind.ServerError, true)]
    [InlineData(503, FetchOutcomeKind.ServerError, true)]
    [InlineData(599, FetchOutcomeKind.ServerError, true)]
    public async Task A_status_is_one_outcome(int status, FetchOutcomeKind kind, bool isTransient)
    {
        await using TestWeb web = await TestWeb.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        });

        FetchOutcome outcome = await Fetches.FetchAsync(web.Http + "/a.jpg");

        Assert.Equal(new FetchOutcome(kind, status.ToString(), isTransient), outcome);
    }

    [Theory]
    [InlineData("7", 7.0)]
    [InlineData("0", 0.0)]
    [InlineData("Sun, 06 Nov 1994 08:49:37 GMT", 0.0)]
    [InlineData("soon", null)]
    [InlineData("-5", null)]
    [InlineData("99999999999999999999", 31_536_000.0)]
    [InlineData("4294967296", 31_536_000.0)]
    [InlineData("Thu, 06 Nov 2994 08:49:37 GMT", 31_536_000.0)]
    [InlineData("Sunday, 06-Nov-94 08:49:37 GMT", 0.0)]
    [InlineData("Sun Nov  6 08:49:37 1994", 0.0)]
    [InlineData("7, 9", null)]
    [InlineData("1.5", null)]
    [InlineData("", null)]
    public async Task Retry_After_is_told(string header, double? seconds)
    {
        await using TestWeb web = await TestWeb.StartAsync(context =>
        {
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = header;
            return Task.CompletedTask;
        });

        FetchOutcome outcome = await Fetches.FetchAsync(web.Http + "/a.jpg");

        Assert.Equal(seconds, outcome.RetryAfter?.TotalSeconds);
    }

    [Fact]
    public async Task Retry_After_may_be_a_date_to_come()
    {
        DateTimeOffset date = TimeProvider.System.GetUtcNow().AddHours(1);
        await using TestWeb web = await TestWeb.StartAsync(context =>
        {
            context.Response.StatusCode = 503;
            context.Response.Headers.RetryAfter = date.ToString("R");
            return Task.CompletedTask;
        });

        FetchOutcome outcome = await Fetches.FetchAsync(web.Http + "/a.jpg");

        Assert.InRange(outcome.RetryAfter!.Value, TimeSpan.FromMinutes(50), TimeSpan.FromHours(1));
    }
}
