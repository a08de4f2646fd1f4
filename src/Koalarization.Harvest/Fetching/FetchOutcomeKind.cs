namespace Koalarization.Harvest.Fetching;

/// <summary>The outcome of a link: the closed list. Names on disk and wire: <see cref="FetchOutcomeNames"/>.</summary>
public enum FetchOutcomeKind
{
    /// <summary>A whole JPEG.</summary>
    Kept,

    /// <summary>The text is no http(s) URL that a request can be made of.</summary>
    BadUrl,

    /// <summary>The host has only addresses that do not belong to the open web.</summary>
    AddressRefused,

    /// <summary>The host's name has no address.</summary>
    Dns,

    /// <summary>No connection, or one that broke before the answer was whole.</summary>
    Connection,

    /// <summary>The handshake failed, or the certificate is not to be trusted.</summary>
    Tls,

    /// <summary>A deadline passed; the detail says which: connect, first byte, stalled, total.</summary>
    Timeout,

    /// <summary>Too many redirects, a loop, or one that leads nowhere.</summary>
    Redirects,

    /// <summary>404 or 410.</summary>
    NotFound,

    /// <summary>401, 402, 403 or 451.</summary>
    Forbidden,

    /// <summary>429.</summary>
    TooManyRequests,

    /// <summary>5xx.</summary>
    ServerError,

    /// <summary>Any other status that is no picture, or an answer that is not HTTP.</summary>
    HttpError,

    /// <summary>The body is larger than allowed.</summary>
    TooLarge,

    /// <summary>The body has no bytes.</summary>
    Empty,

    /// <summary>The body does not begin as a JPEG; the detail says what it is.</summary>
    NotJpeg,

    /// <summary>The body begins as a JPEG and does not decode completely.</summary>
    Damaged,

    /// <summary>The JPEG's header claims more pixels than allowed.</summary>
    TooManyPixels,
}
