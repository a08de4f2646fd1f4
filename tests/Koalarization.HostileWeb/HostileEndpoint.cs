using System.Security.Cryptography;
using System.Text;

namespace Koalarization.Hostile;

/// <summary>One link of the hostile web, and what must become of it.</summary>
/// <param name="Url">The link.</param>
/// <param name="Does">What is behind it, in a few words.</param>
/// <param name="Outcome">The outcome's name where addresses of loopback are allowed.</param>
/// <param name="Detail">The outcome's detail, where it is held to one.</param>
public sealed record HostileEndpoint(string Url, string Does, string Outcome, string? Detail)
{
    private int _requests;

    /// <summary>The bytes that must be stored; null: nothing may be.</summary>
    public byte[]? Kept { get; init; }

    /// <summary>Another outcome that is as right; which it is depends on which of two things the program sees first.</summary>
    public string? Otherwise { get; init; }

    /// <summary>Whether only libturbojpeg sees what is wrong, or reads it.</summary>
    public bool NeedsTurboJpeg { get; init; }

    /// <summary>Whether it asks for a pause before the next try that is longer than a test waits.</summary>
    public bool AsksForLongPause { get; init; }

    /// <summary>The file that a kept picture is stored as.</summary>
#pragma warning disable CA5351 // The name's definition, not a protection.
    public string Name => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(Url))) + ".jpeg";
#pragma warning restore CA5351

    /// <summary>Requests so far; on a port of the endpoint's own, connections.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>The same link for a run to which addresses of loopback are refused.</summary>
    public HostileEndpoint Refused() =>
        this with { Outcome = Outcome == "bad_url" ? "bad_url" : "address_refused", Detail = Outcome == "bad_url" ? Detail : null, Kept = null };

    /// <summary>Counts a request; its number, from 1.</summary>
    internal int Asked() => Interlocked.Increment(ref _requests);
}
