using Koalarization.Hostile.Serving;
using static Koalarization.Hostile.Serving.Answers;

namespace Koalarization.Hostile.Rows;

/// <summary>429 and 503, with each form of Retry-After: those that give the picture when they are asked again, and those that never do.</summary>
internal static class BusyRows
{
    private static readonly byte[] Photo = Photos.Photo;

    public static IEnumerable<Row> All =>
    [
        .. from status in new[] { "429 Too Many Requests", "503 Service Unavailable" }
           from form in Forms
           from row in new[] { Once(status, form.Name, form.Value), Always(status, form.Name, form.Value) }
           select row with { Endpoint = RowEndpoint.OwnAddress, AsksForLongPause = form.IsLong },
    ];

    private static (string Name, Func<string?> Value, bool IsLong)[] Forms =>
    [
        ("none", () => null, false),
        ("seconds", () => "1", false),
        ("zero", () => "0", false),
        ("date", () => Date(TimeSpan.FromSeconds(2)), false),
        ("past", () => Date(TimeSpan.FromDays(-1000)), false),
        ("garbage", () => "soon, perhaps", false),
        ("negative", () => "-120", false),
        ("fraction", () => "0.5", false),
        ("huge", () => "31536000", true),
        ("overflowing", () => "99999999999999999999", false),
        ("far-date", () => Date(TimeSpan.FromDays(1000)), true),
    ];

    private static Row Once(string status, string form, Func<string?> value) =>
        Row.Keeps($"/busy/once/{status[..3]}/{form}", $"{status[..3]} once, Retry-After: {form}", Photo, First(Busy(status, value), Body(Photo)));

    private static Row Always(string status, string form, Func<string?> value) =>
        Row.Ends(
            $"/busy/always/{status[..3]}/{form}",
            $"{status[..3]} always, Retry-After: {form}",
            status.StartsWith('4') ? "too_many_requests" : "server_error",
            status[..3],
            Busy(status, value));

    private static Answer Busy(string status, Func<string?> value) => exchange =>
        Status(status, value() is { } text ? $"Retry-After: {text}\r\n" : "")(exchange);

    private static string Date(TimeSpan fromNow) => TimeProvider.System.GetUtcNow().Add(fromNow).ToString("R");
}
