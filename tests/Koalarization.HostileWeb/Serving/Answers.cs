using System.Text;

namespace Koalarization.Hostile.Serving;

/// <summary>The answers that endpoints are made of.</summary>
internal static class Answers
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>These bytes, then the end of the connection.</summary>
    public static Answer Raw(string head, byte[]? body = null) => async exchange =>
    {
        await exchange.SendAsync([.. Encoding.Latin1.GetBytes(head), .. body ?? []]);
    };

    /// <summary>These bytes, then silence.</summary>
    public static Answer Silent(string head = "", byte[]? body = null) => async exchange =>
    {
        await exchange.SendAsync([.. Encoding.Latin1.GetBytes(head), .. body ?? []]);
        await exchange.StaySilentAsync();
    };

    /// <summary>These bytes, then a reset; the client has read them when <paramref name="gone"/> has passed.</summary>
    public static Answer Reset(string head = "", byte[]? body = null, TimeSpan? gone = null) => async exchange =>
    {
        await exchange.SendAsync([.. Encoding.Latin1.GetBytes(head), .. body ?? []]);
        if (gone is { } time)
        {
            await exchange.RestAsync(time);
        }

        exchange.Reset();
    };

    /// <summary>A body with its length, on a connection that stays open.</summary>
    public static Answer Body(byte[] body, string headers = "", string status = "200 OK") => async exchange =>
    {
        string head = $"HTTP/1.1 {status}\r\nContent-Length: {body.Length}\r\nContent-Type: image/jpeg\r\n{headers}\r\n";
        exchange.StaysOpen = true;
        await exchange.SendAsync([.. Encoding.Latin1.GetBytes(head), .. body]);
    };

    /// <summary>A body and more behind it, in one piece.</summary>
    public static Answer BodyAndMore(byte[] body, byte[] more) => async exchange =>
    {
        exchange.StaysOpen = true;
        await exchange.SendAsync([.. Encoding.Latin1.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n"), .. body, .. more]);
    };

    /// <summary>A status that has a short text for a body.</summary>
    public static Answer Status(string status, string headers = "") => Body("Sorry."u8.ToArray(), headers, status);

    /// <summary>A status that has no body by definition.</summary>
    public static Answer Bare(string status, string headers = "") => async exchange =>
    {
        exchange.StaysOpen = true;
        await exchange.SendTextAsync($"HTTP/1.1 {status}\r\n{headers}\r\n");
    };

    public static Answer Redirect(string status, string location) => Status(status, $"Location: {location}\r\n");

    /// <summary>A redirect that is made of the request.</summary>
    public static Answer Redirect(Func<Exchange, string> location) => exchange => Redirect("302 Found", location(exchange))(exchange);

    /// <summary>One answer to the first request, another to all later ones.</summary>
    public static Answer First(Answer first, Answer later) => exchange => exchange.Times == 1 ? first(exchange) : later(exchange);

    /// <summary>A picture for a request that is as it must be, 418 for any other.</summary>
    public static Answer Only(Func<Exchange, bool> proper, byte[] picture) => exchange =>
        proper(exchange) ? Body(picture)(exchange) : Status("418 Not As Asked")(exchange);

    /// <summary>A beginning at once, the rest one byte a second.</summary>
    public static Answer Drip(string head, byte[] slow) => async exchange =>
    {
        await exchange.SendTextAsync(head);
        foreach (byte b in slow)
        {
            await exchange.SendAsync([b]);
            await exchange.RestAsync(Second);
        }
    };

    /// <summary>Pieces with a rest after each, over and over when <paramref name="endless"/>.</summary>
    public static Answer Pieces(string head, IEnumerable<byte[]> pieces, TimeSpan rest, bool endless = false) => async exchange =>
    {
        await exchange.SendTextAsync(head);
        do
        {
            foreach (byte[] piece in pieces)
            {
                await exchange.SendAsync(piece);
                await exchange.RestAsync(rest);
            }
        }
        while (endless);
    };

    /// <summary>A beginning, then the same bytes as fast as they go, without an end.</summary>
    public static Answer Endless(string head, byte[] more) => async exchange =>
    {
        await exchange.SendTextAsync(head);
        byte[] much = [.. Enumerable.Repeat(more, Math.Max(1, 16384 / more.Length)).SelectMany(bytes => bytes)];
        while (true)
        {
            await exchange.SendAsync(much);
        }
    };
}
