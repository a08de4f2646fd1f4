using System.Text;

namespace Koalarization.Hostile;

/// <summary>The links of a web, and lists of them as people write them.</summary>
/// <param name="endpoints">The links.</param>
/// <param name="root">The common server.</param>
public sealed class HostileLinks(IReadOnlyList<HostileEndpoint> endpoints, string root)
{
    /// <summary>Lines of a list that hold no link although they are no comment.</summary>
    public const int UnusableLines = 2;

    /// <summary>All of them.</summary>
    public IReadOnlyList<HostileEndpoint> Endpoints { get; } = endpoints;

    /// <summary>A list: words before some links, comments, empty lines, lines without a link, and the first kept link three times.</summary>
    public string TextOf(IReadOnlyList<HostileEndpoint> some)
    {
        ArgumentNullException.ThrowIfNull(some);
        var text = new StringBuilder();
        text.Append("# A hostile web at ").Append(root).Append("\n\n");
        for (int i = 0; i < some.Count; i++)
        {
            text.Append(Words(some[i], i)).Append(some[i].Url).Append(i % 7 == 3 ? " \t\r\n" : "\n");
        }

        text.Append("no link here\n#").Append(root).Append("/commented-out.jpg\nftp://127.0.0.1/x.jpg\n");
        if (some.FirstOrDefault(endpoint => endpoint.Kept is not null) is { } twice)
        {
            text.Append(twice.Url).Append('\n').Append("again ").Append(twice.Url).Append('\n');
        }

        return text.ToString();
    }

    private static string Words(HostileEndpoint endpoint, int i) => (i % 5) switch
    {
        0 => $"n{i:D8}_{i} ",
        1 => $"{endpoint.Does}\t",
        _ => "",
    };
}
