using Koalarization.Dataset.Records;
using Koalarization.Koala.Commands;

namespace Koalarization.Koala.Compress;

/// <summary>A file, and the path of its packed copy.</summary>
/// <param name="Source">The file.</param>
/// <param name="Target">The copy.</param>
/// <param name="Home">The folder that is locked and has the temporary files while the copy is made.</param>
internal sealed record PackedCopy(string Source, string Target, string Home)
{
    /// <summary>Names the copy of each file, and creates the output folder.</summary>
    /// <exception cref="UserErrorException">Two files would have the same copy, or a data set is not finished.</exception>
    public static IReadOnlyList<PackedCopy> Plan(IReadOnlyList<string> files, Packing packing, string? output)
    {
        if (output is not null && (output.Length == 0 || File.Exists(output)))
        {
            throw new UserErrorException($"--out must be a folder, not '{output}'.", ExitCode.UsageError);
        }

        if (output is not null)
        {
            Directory.CreateDirectory(output);
        }

        var homes = new Dictionary<string, string>(StringComparer.Ordinal);
        List<PackedCopy> copies = [];
        foreach (string source in files)
        {
            string folder = output ?? (Path.GetDirectoryName(source) is { Length: > 0 } its ? its : ".");
            HomeOf(Path.GetDirectoryName(source) is { Length: > 0 } from ? from : ".", homes);
            copies.Add(new PackedCopy(source, Path.Combine(output ?? Path.GetDirectoryName(source)!, PackedName.Of(Path.GetFileName(source), packing)), HomeOf(folder, homes)));
        }

        IGrouping<string, PackedCopy>? clash = copies.GroupBy(copy => Path.GetFullPath(copy.Target), StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1);
        return clash is null
            ? copies
            : throw new UserErrorException(
                $"{clash.First().Source} and {clash.ElementAt(1).Source} would both become {clash.First().Target}; compress one of them, or use a different --out for each.",
                ExitCode.UsageError);
    }

    private static string HomeOf(string folder, Dictionary<string, string> homes)
    {
        if (!homes.TryGetValue(folder, out string? root))
        {
            RecordHome home = RecordHome.Of(folder);
            if (home.OpenRound() is int round)
            {
                throw new UserErrorException($"{home.Root} is not finished (round {round} is open); finish it with koala run first.");
            }

            // A folder that only contains a folder of records is its own home: copies go where the user said.
            root = home.IsDataSet ? home.Root : folder;
            homes.Add(folder, root);
        }

        return root;
    }
}

/// <summary>
/// The name of a packed copy: the record's name with the format's extension. A pattern such as <c>*.tfrecord</c> does not match it, so that no picture is
/// trained on twice because a copy is beside its record; and gunzip and zstd -d restore the record's name.
/// </summary>
internal static class PackedName
{
    private static readonly Dictionary<Packing, string> Endings = new()
    {
        [Packing.None] = "",
        [Packing.Gzip] = ".gz",
        [Packing.Zlib] = ".zlib",
        [Packing.Zstd] = ".zst",
    };

    /// <summary>The file name of the copy of a file.</summary>
    public static string Of(string fileName, Packing packing) => Plain(fileName) + Endings[packing];

    private static string Plain(string fileName) =>
        Endings.Values.FirstOrDefault(ending => ending.Length > 0 && fileName.EndsWith(ending, StringComparison.Ordinal)) is string packed
            ? fileName[..^packed.Length]
            : fileName;
}
