using Koalarization.Hostile.Serving;

namespace Koalarization.Hostile.Rows;

/// <summary>Where an endpoint is reached.</summary>
internal enum RowEndpoint
{
    /// <summary>The web's common server; requests are distinguished by their targets.</summary>
    Shared,

    /// <summary>Another common server, for rows that hurt those beside them.</summary>
    Second,

    /// <summary>A port of its own, whose connections are the row's from their first byte.</summary>
    OwnPort,

    /// <summary>An address of its own, 127.0.0.N, so that a client that leaves a whole host alone leaves this one alone.</summary>
    OwnAddress,

    /// <summary>A port of its own on the IPv6 loopback address.</summary>
    OwnPortOfIPv6,

    /// <summary>No server of ours: the link is enough.</summary>
    None,
}

/// <summary>One row of the table: an endpoint, what it does, and what must become of its link.</summary>
/// <param name="Target">The request line's second word, exactly.</param>
/// <param name="Does">What it does, in a few words.</param>
/// <param name="Outcome">The outcome's name, with addresses of loopback allowed.</param>
/// <param name="Detail">The outcome's detail; null: not held to one.</param>
/// <param name="Answer">What it answers.</param>
internal sealed record Row(string Target, string Does, string Outcome, string? Detail, Answer Answer)
{
    /// <summary>The link; <c>{at}</c> is replaced by the endpoint's address and port, <c>{port}</c> for the port alone.</summary>
    public string Link { get; init; } = "http://{at}" + Target;

    public RowEndpoint Endpoint { get; init; }

    /// <summary>The bytes that must be stored; null: nothing may be.</summary>
    public byte[]? Kept { get; init; }

    /// <summary>False for what only other rows lead to.</summary>
    public bool IsListed { get; init; } = true;

    /// <summary>Whether only libturbojpeg sees what is wrong, or reads it.</summary>
    public bool NeedsTurboJpeg { get; init; }

    /// <summary>Another outcome that is as right; which it is depends on which of two things the program sees first.</summary>
    public string? Otherwise { get; init; }

    /// <summary>Whether it asks for a longer pause before the next try than a test waits.</summary>
    public bool AsksForLongPause { get; init; }

    /// <summary>A good picture, kept with the bytes given.</summary>
    public static Row Keeps(string target, string does, byte[] picture, Answer answer) => new(target, does, "kept", null, answer) { Kept = picture };

    /// <summary>A good picture on a port of its own, in TLS.</summary>
    public static Row KeepsSecurely(string target, string does, byte[] picture, Answer answer) =>
        Keeps(target, does, picture, answer) with { Endpoint = RowEndpoint.OwnPort, Link = "https://{at}" + target };

    /// <summary>No picture, for this reason.</summary>
    public static Row Ends(string target, string does, string outcome, string? detail, Answer answer) => new(target, does, outcome, detail, answer);

    /// <summary>No picture, on a port of its own.</summary>
    public static Row EndsAtPort(string target, string does, string outcome, string? detail, Answer answer) =>
        Ends(target, does, outcome, detail, answer) with { Endpoint = RowEndpoint.OwnPort };

    /// <summary>No picture, on a port of its own, in TLS or what should be.</summary>
    public static Row EndsSecurely(string target, string does, string outcome, string? detail, Answer answer) =>
        Ends(target, does, outcome, detail, answer) with { Endpoint = RowEndpoint.OwnPort, Link = "https://{at}" + target };

    /// <summary>Not a link of the list, but where others lead.</summary>
    public static Row Behind(string target, Answer answer) => new(target, "what others lead to", "", null, answer) { IsListed = false };
}
