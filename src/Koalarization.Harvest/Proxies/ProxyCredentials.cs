using System.Text;

namespace Koalarization.Harvest.Proxies;

/// <summary>A proxy's <c>USER:PASSWORD</c>, as it is written in its URL.</summary>
internal static class ProxyCredentials
{
    public static string Name(string userInfo) => Uri.UnescapeDataString(userInfo.Split(':', 2)[0]);

    public static string Password(string userInfo) => userInfo.Split(':', 2) is [_, string password] ? Uri.UnescapeDataString(password) : "";

    /// <summary>The value of <c>Proxy-Authorization</c>.</summary>
    public static string Header(string userInfo) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Name(userInfo)}:{Password(userInfo)}"));
}
