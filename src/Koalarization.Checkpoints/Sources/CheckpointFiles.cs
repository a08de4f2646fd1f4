using System.Globalization;
using System.Text.RegularExpressions;
using Koalarization.Checkpoints.Binary;
using Koalarization.Checkpoints.Tables;
using Koalarization.Checkpoints.V1;
using Koalarization.Checkpoints.V2;

namespace Koalarization.Checkpoints.Sources;

/// <summary>Which files a path means.</summary>
/// <param name="Prefix">What their names have in common.</param>
/// <param name="Index">The V2 index; null for V1.</param>
/// <param name="Tables">The V1 table or shards in order; empty for V2, whose index says how many data files there are.</param>
internal sealed partial record CheckpointFiles(string Prefix, string? Index, IReadOnlyList<string> Tables)
{
    /// <summary>Finds the checkpoint that a path means, by <see cref="Checkpoint.Open"/>'s rules.</summary>
    public static CheckpointFiles Find(string path) => Directory.Exists(path)
        ? CheckpointFolder.Find(path)
        : TryFind(path) ?? throw new CheckpointException(CheckpointCheck.Missing, path, null, "there is no such file, and none whose name begins so");

    /// <summary>The same for anything but a folder; null when nothing is there.</summary>
    public static CheckpointFiles? TryFind(string path)
    {
        Match part = PartName().Match(path);
        if (part.Success)
        {
            string prefix = part.Groups["prefix"].Value;
            bool isV1 = part.Groups["count"].Success && !part.Groups["data"].Success;
            return isV1 ? V1Shards(prefix, part.Groups["count"].Value) : V2(prefix);
        }

        if (File.Exists(path))
        {
            return new CheckpointFiles(path, null, [path]);
        }

        return File.Exists(path + ".index") ? V2(path) : FindShards(path);
    }

    public Checkpoint Open()
    {
        var sources = new List<ByteSource>();
        try
        {
            if (Index is null)
            {
                sources.AddRange(Tables.Select(MappedFile.Open));
                return SavedTensorsReader.Open(sources);
            }

            sources.Add(MappedFile.Open(Index));
            int shards = BundleHeader.ReadShardCount(new Table(sources[0]));
            for (int i = 0; i < shards; i++)
            {
                sources.Add(MappedFile.Open(string.Create(CultureInfo.InvariantCulture, $"{Prefix}.data-{i:D5}-of-{shards:D5}")));
            }

            return BundleReader.Open(sources[0], sources[1..]);
        }
        catch
        {
            sources.ForEach(source => source.Dispose());
            throw;
        }
    }

    private static CheckpointFiles V2(string prefix) => new(prefix, prefix + ".index", []);

    private static CheckpointFiles V1Shards(string prefix, string count) => new(
        prefix,
        null,
        [
            .. Enumerable.Range(0, int.Parse(count, CultureInfo.InvariantCulture))
                .Select(i => string.Create(CultureInfo.InvariantCulture, $"{prefix}-{i:D5}-of-{count}")),
        ]);

    private static CheckpointFiles? FindShards(string prefix)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(prefix)) ?? "/";
        string[] counts = !Directory.Exists(folder) ? [] :
        [
            .. Directory.EnumerateFiles(folder)
                .Select(file => PartName().Match(Path.GetFileName(file)))
                .Where(part => part.Groups["shard"].Value is "00000" && !part.Groups["data"].Success)
                .Where(part => string.Equals(part.Groups["prefix"].Value, Path.GetFileName(prefix), StringComparison.Ordinal))
                .Select(part => part.Groups["count"].Value),
        ];
        return counts switch
        {
            [] => null,
            [string count] => V1Shards(prefix, count),
            _ => throw new CheckpointException(CheckpointCheck.Ambiguous, prefix, null, "there are shards of several checkpoints with this name"),
        };
    }

    /// <summary>The file names of a part: V2's index or data, or one V1 shard, which may be a pattern with question marks for its number.</summary>
    [GeneratedRegex(
        @"^(?<prefix>.+?)(?<suffix>\.index|(?<data>\.data)?-(?<shard>\d{5}|\?{5})-of-(?<count>(?!00000)\d{5}))$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.Singleline,
        matchTimeoutMilliseconds: 1000)]
    internal static partial Regex PartName();
}
