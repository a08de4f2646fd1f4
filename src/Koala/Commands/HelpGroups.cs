using System.CommandLine;

namespace Koalarization.Koala.Commands;

/// <summary>Under which heading help shows a command or an option, and in which order.</summary>
internal static class HelpGroups
{
    private const string Other = "Other";

    private static readonly (string Title, string[] Names)[] Commands =
    [
        ("Make a data set", ["demo", "run", "download", "resize", "lab-batch"]),
        ("Check and use one", ["inspect", "verify", "repair", "failures", "split", "compress"]),
        ("Use a cluster", ["node", "submit", "status", "jobs", "nodes", "cancel", "drain", "embedders"]),
        ("This machine", ["doctor", "bench-embed", "completion"]),
    ];

    private static readonly (string Title, string[] Names)[] Options =
    [
        ("Node",
        [
            "--roles", "--store", "--sources", "--seed", "--host", "--port", "--public-host", "--public-domain", "--tls-cert", "--tls-key", "--tls-ca", "--insecure",
            "--http", "--pbm", "--listen", "--token-file", "--view-token-file", "--probes", "--otlp", "--trace", "--trace-ratio",
        ]),
        ("Input", ["--count", "--skip", "--format", "--url-column"]),
        ("Steps and rounds", ["--until", "--retry-failed", "--append", "--overwrite", "--take-over"]),
        ("Fetching",
        [
            "--parallel", "--host-limit", "--tries", "--connect-timeout", "--first-byte-timeout", "--timeout", "--min-rate", "--max-bytes", "--max-body-memory",
            "--max-redirects", "--user-agent", "--allow-private", "--forbid-private", "--probe", "--proxy", "--ca-file",
        ]),
        ("Pictures", ["--size", "--max-megapixels", "--fanout"]),
        ("Network", ["--checkpoint", "--checkpoint-sha256", "--weights", "--precision", "--device", "--libtorch", "--max-batch"]),
        ("Records", ["--batch-size", "--compression", "--compat", "--image-name-prefix"]),
        ("Output", ["--control", "--wait", "--max-failures", "--verbose", "--log", "--json", "--debug", "--help", "--version"]),
    ];

    /// <summary>The shown commands by heading.</summary>
    public static IEnumerable<(string Title, IReadOnlyList<Command> Commands)> Of(IEnumerable<Command> commands) =>
        Grouped(commands.Where(command => !command.Hidden), command => command.Name, Commands);

    /// <summary>The shown options of a command by heading; under one heading where they are few.</summary>
    public static IEnumerable<(string Title, IReadOnlyList<Option> Options)> OfOptions(IReadOnlyList<Option> options)
    {
        const int Few = 12;
        Option[] shown = [.. options.Where(option => !option.Hidden)];
        return shown.Length <= Few ? [("Options", shown)] : Grouped(shown, option => NameOf(option, shown), Options);
    }

    // Where nothing is fetched, --parallel is the number of pictures at once. The others are a node's own, or for asking one.
    private static string NameOf(Option option, Option[] all)
    {
        return option.Name switch
        {
            "--parallel" when !Has("--host-limit") => "--max-megapixels",
            "--token-file" or "--ca-file" or "--insecure" when Has("--control") => "--control",
            string name => name,
        };

        bool Has(string name) => Array.Exists(all, other => other.Name == name);
    }

    private static IEnumerable<(string Title, IReadOnlyList<T> Items)> Grouped<T>(IEnumerable<T> items, Func<T, string> name, (string Title, string[] Names)[] groups)
    {
        T[] all = [.. items];
        foreach ((string title, string[] names) in groups)
        {
            T[] of = [.. all.Where(item => names.Contains(name(item))).OrderBy(item => Array.IndexOf(names, name(item)))];
            if (of.Length > 0)
            {
                yield return (title, of);
            }
        }

        T[] others = [.. all.Where(item => !Array.Exists(groups, group => group.Names.Contains(name(item))))];
        if (others.Length > 0)
        {
            yield return (Other, others);
        }
    }
}
