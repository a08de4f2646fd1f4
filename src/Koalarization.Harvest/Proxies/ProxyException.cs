namespace Koalarization.Harvest.Proxies;

/// <summary>The proxy does not work, whatever it is asked for. Travels through the HTTP stack, never out of this library.</summary>
/// <param name="proxy">The proxy.</param>
/// <param name="fault">What it does, such as "refuses connections".</param>
/// <param name="cause">What it was seen by.</param>
internal sealed class ProxyException(ProxyAddress proxy, string fault, Exception? cause = null) : Exception($"The proxy {proxy} {fault}.", cause)
{
    /// <summary>What is wrong, in a few words.</summary>
    public string Fault => $"the proxy {proxy} {fault}";
}

/// <summary>The proxy works, and does not reach or allow this host. Travels through the HTTP stack, never out of this library.</summary>
/// <param name="isDenial">Whether it does not allow it.</param>
/// <param name="code">What it answered.</param>
internal sealed class ProxyDenialException(bool isDenial, string code) : Exception($"The proxy answers {code}.")
{
    /// <summary>How a denial's detail begins.</summary>
    public const string Refuses = "the proxy refuses the host";

    /// <summary>What it does, in a few words.</summary>
    public string Detail => $"{(isDenial ? Refuses : "the proxy does not reach the host")} ({code})";

    /// <summary>Whether another try may come to something else.</summary>
    public bool IsTransient => !isDenial;

    /// <summary>What a status of the proxy's own means.</summary>
    public static ProxyDenialException Of(int status) => new(status is < 500 and not (408 or 429), $"{status}");
}
