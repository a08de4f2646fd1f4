using static Koalarization.Hostile.Serving.Answers;

namespace Koalarization.Hostile.Rows;

/// <summary>
/// Redirects to addresses that do not belong to the open web, by every way of writing them. For clients that may ask
/// 127.0.0.1, where this web is, and nothing else of the kind.
/// </summary>
internal static class RefusedRedirectRows
{
    public static readonly (string Host, string Range)[] Hosts =
    [
        ("10.1.2.3", "private"),
        ("172.16.0.1", "private"),
        ("192.168.1.1", "private"),
        ("100.64.0.1", "carrier-grade NAT"),
        ("169.254.1.1", "link-local"),
        ("169.254.169.254", "metadata"),
        ("169.254.170.2", "metadata"),
        ("2852039166", "metadata"),
        ("0xA9FEA9FE", "metadata"),
        ("0251.0376.0251.0376", "metadata"),
        ("[fd00:ec2::254]", "metadata"),
        ("[::ffff:169.254.169.254]", "metadata"),
        ("[64:ff9b::a9fe:a9fe]", "metadata"),
        ("[2002:a9fe:a9fe::1]", "metadata"),
        ("100.100.100.200", "metadata"),
        ("0.0.0.0", "unspecified"),
        ("0", "unspecified"),
        ("127.0.0.53", "loopback"),
        ("127.2", "loopback"),
        ("[::1]", "loopback"),
        ("[::]", "unspecified"),
        ("[fe80::1]", "link-local"),
        ("[fc00::1]", "private"),
        ("[::ffff:10.0.0.1]", "private"),
        ("[2001:db8::1]", "documentation"),
        ("192.0.2.1", "documentation"),
        ("198.18.0.1", "benchmark"),
        ("224.0.0.1", "multicast"),
        ("[ff02::1]", "multicast"),
        ("255.255.255.255", "broadcast"),
        ("240.0.0.1", "reserved"),
    ];

    public static IEnumerable<Row> All =>
    [
        .. Hosts.Select(row => Row.Ends(
            $"/inside/{row.Host}", $"redirects to {row.Host}", "address_refused", row.Range, Redirect("302 Found", $"http://{row.Host}/latest/meta-data/"))),
    ];
}
