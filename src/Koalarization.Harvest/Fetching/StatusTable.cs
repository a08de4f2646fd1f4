using System.Globalization;

namespace Koalarization.Harvest.Fetching;

/// <summary>What a final status (no redirect) makes of a fetch.</summary>
internal static class StatusTable
{
    /// <summary>The outcome of a status; null: the body is to be read.</summary>
    public static FetchOutcome? OutcomeOf(int status, TimeSpan? retryAfter)
    {
        string detail = status.ToString(CultureInfo.InvariantCulture);
        return status switch
        {
            204 or 205 => new(FetchOutcomeKind.Empty, detail),
            206 => new(FetchOutcomeKind.HttpError, detail),
            >= 200 and < 300 => null,
            401 or 402 or 403 or 451 => new(FetchOutcomeKind.Forbidden, detail),
            404 or 410 => new(FetchOutcomeKind.NotFound, detail),

            // A server says 408 of its own accord on a connection that it closes for idleness: no request was slow.
            408 => new(FetchOutcomeKind.Connection, detail, IsTransient: true),
            429 => new(FetchOutcomeKind.TooManyRequests, detail, IsTransient: true, retryAfter),
            >= 500 and < 600 => new(FetchOutcomeKind.ServerError, detail, IsTransient: true, retryAfter),
            _ => new(FetchOutcomeKind.HttpError, detail),
        };
    }

    /// <summary>
    /// The length of a whole body that was sent as a part, though none was asked for: from the first byte to the last (<c>bytes 0-999/1000</c>). Null: it is
    /// not whole, or does not say so.
    /// </summary>
    public static long? LengthOfWhole(string? contentRange)
    {
        string text = contentRange?.Trim() ?? "";
        string range = text.StartsWith("bytes", StringComparison.OrdinalIgnoreCase) ? text[5..].TrimStart(' ', '=', ':') : "";
        string[] parts = range.Split('-', '/');
        return parts.Length == 3 && IsNumber(parts[0], out long from) && IsNumber(parts[1], out long to) && IsNumber(parts[2], out long length)
            && from == 0 && to == length - 1
            ? length
            : null;
    }

    private static bool IsNumber(string text, out long number) => long.TryParse(text, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out number);

    /// <summary>Whether a status sends the reader elsewhere.</summary>
    public static bool IsRedirect(int status) => status is 301 or 302 or 303 or 307 or 308;
}
