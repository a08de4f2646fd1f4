using System.Text.Json;
using System.Text.RegularExpressions;
using Koalarization.Hostile;

namespace Koalarization.Integration;

/// <summary>Compares what a run made of the hostile web's links with what it must make of them.</summary>
internal static class HostileOutcomes
{
    /// <summary>One sentence for each difference.</summary>
    /// <param name="endpoints">The links of the list.</param>
    /// <param name="run">A run with <c>--json</c> that tells of each link by <c>link_done</c>.</param>
    /// <param name="pictures">The folder of the pictures, where everything but <c>.koala</c> is looked at.</param>
    public static IReadOnlyList<string> Faults(IReadOnlyList<HostileEndpoint> endpoints, KoalaRun run, string pictures)
    {
        ILookup<string, JsonElement> told = run.Events.Where(e => e.GetProperty("event").GetString() == "link_done")
            .ToLookup(e => e.GetProperty("url").GetString()!, StringComparer.Ordinal);
        IEnumerable<string> unknown = told.Select(link => link.Key).Except(endpoints.Select(ShownUrl), StringComparer.Ordinal);
        return
        [
            .. endpoints.SelectMany(endpoint => OfLink(endpoint, [.. told[ShownUrl(endpoint)]])),
            .. unknown.Select(url => $"{url} is told of and is in no list"),
            .. endpoints.Where(endpoint => endpoint.Kept is not null).SelectMany(endpoint => OfPicture(endpoint, Path.Combine(pictures, endpoint.Name))),
            .. OfFolder(pictures, endpoints.Where(endpoint => endpoint.Kept is not null).Select(endpoint => endpoint.Name)),
        ];
    }

    // User and password are not shown.
    private static string ShownUrl(HostileEndpoint endpoint) =>
        Regex.Replace(endpoint.Url, "(?<=^https?://)[^/?#]+@", "***@", RegexOptions.None, TimeSpan.FromSeconds(1));

    /// <summary>A sentence for each file that a folder's temporary space still has.</summary>
    public static IReadOnlyList<string> LeftBehind(string folder)
    {
        string temporary = Path.Combine(folder, ".koala", "tmp");
        return Directory.Exists(temporary)
            ? [.. Directory.EnumerateFiles(temporary, "*", SearchOption.AllDirectories).Select(file => $"{file} is left behind")]
            : [];
    }

    /// <summary>A link that is in the list more than once may be told of each time; its picture is then there already.</summary>
    private static IEnumerable<string> OfLink(HostileEndpoint endpoint, JsonElement[] told)
    {
        string[] outcomes = [.. told.Select(e => e.GetProperty("outcome").GetString()!)];
        string again = endpoint.Kept is null ? endpoint.Outcome : "already_there";
        string[] expected = [endpoint.Outcome, .. Enumerable.Repeat(again, Math.Max(0, told.Length - 1))];
        if (outcomes is [string only] && only == endpoint.Otherwise)
        {
            yield break;
        }

        if (!outcomes.Order(StringComparer.Ordinal).SequenceEqual(expected.Order(StringComparer.Ordinal)))
        {
            yield return $"{endpoint.Url} ({endpoint.Does}) is {string.Join(", ", told.Select(Shown))}, not {string.Join(", ", expected)}";
        }
        else if (endpoint.Detail is not null && DetailOf(told[0]) is var detail && detail != endpoint.Detail)
        {
            yield return $"{endpoint.Url} ({endpoint.Does}) is {Shown(told[0])}, and the detail should be {endpoint.Detail}";
        }

        foreach (JsonElement e in told.Where(e => e.GetProperty("name").GetString() != endpoint.Name))
        {
            yield return $"{endpoint.Url} is named {e.GetProperty("name").GetString()}, not {endpoint.Name}";
        }
    }

    // A detail that there is none of is not in the line.
    private static string? DetailOf(JsonElement e) => e.TryGetProperty("detail", out JsonElement detail) ? detail.GetString() : null;

    private static string Shown(JsonElement e) => $"{e.GetProperty("outcome").GetString()} [{DetailOf(e)}] after {e.GetProperty("tries").GetInt32()} tries";

    private static IEnumerable<string> OfPicture(HostileEndpoint endpoint, string file)
    {
        if (!File.Exists(file))
        {
            yield return $"{endpoint.Url} ({endpoint.Does}) has no picture";
        }
        else if (!File.ReadAllBytes(file).AsSpan().SequenceEqual(endpoint.Kept))
        {
            yield return $"{endpoint.Url} ({endpoint.Does}) is stored with other bytes than were sent";
        }
    }

    private static IEnumerable<string> OfFolder(string pictures, IEnumerable<string> names)
    {
        IEnumerable<string> there = Directory.Exists(pictures)
            ? Directory.EnumerateFileSystemEntries(pictures).Select(path => Path.GetFileName(path)).Where(name => name != ".koala")
            : [];
        return
        [
            .. there.Except(names, StringComparer.Ordinal).Select(name => $"{name} is in the folder and of no good link"),
            .. LeftBehind(pictures),
        ];
    }
}
