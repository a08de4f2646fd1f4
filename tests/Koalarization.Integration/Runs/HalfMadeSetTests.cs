using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;

namespace Koalarization.Integration.Runs;

/// <summary>
/// Data sets that version 0.1.0 began and was killed in the middle of (SIGKILL, `koala run pictures data --device simulated --batch-size 2`), and the
/// SHA-256 of each file of the set that it made undisturbed. Losses, which are counted at each start after a kill, are left out.
/// </summary>
public sealed class HalfMadeSetTests : IDisposable
{
    private static readonly string[] Pictures = ["black_320x240", "coffee_7x5_enlarged", "flat_500x3", "one_pixel", "thin_3x500", "white_320x240"];

    private readonly TemporaryFolder _folder = new();

    private static string Fixtures => Path.Combine(Golden.Folder, "..", "Koalarization.Integration", "Runs", "HalfMade");

    public void Dispose() => _folder.Dispose();

    [TurboJpegTheory]
    [InlineData("resizing")]
    [InlineData("slice")]
    [InlineData("record")]
    [InlineData("closing")]
    public async Task A_set_that_an_earlier_version_left_half_made_is_finished_to_the_same_bytes(string killedWhile)
    {
        await UnpackAsync(killedWhile);
        KoalaRun run = await FinishAsync();

        Assert.True(run.ExitCode == 0, run.Output + run.Errors);
        ReplaceInPaths(_folder["pictures"], "/tmp/hm/pictures");
        Assert.Equal(await File.ReadAllLinesAsync(Path.Combine(Fixtures, "finished.sha256")), Hashes(_folder["data"]));
    }

    [TurboJpegFact]
    public async Task A_set_that_was_begun_by_the_first_rule_of_damaged_pictures_is_finished_by_it()
    {
        await UnpackAsync("resizing");
        byte[] whole = await File.ReadAllBytesAsync(_folder["pictures/white_320x240.jpeg"]);
        await File.WriteAllBytesAsync(_folder["pictures/white_320x240.jpeg"], whole[..^2]);
        await FinishAsync();

        string[] index = await File.ReadAllLinesAsync(_folder["data/index.csv"]);
        Assert.EndsWith(",record,place", index[0]);
        Assert.Contains(",damaged,ends before its end marker,", index.Single(row => row.StartsWith("white_320x240.jpeg,", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.DoesNotContain("picture_rule", await File.ReadAllTextAsync(_folder["data/.koala/job.json"]), StringComparison.Ordinal);
    }

    [TurboJpegFact]
    public async Task A_new_set_of_the_same_pictures_keeps_it_and_counts_profiles_and_orientations()
    {
        Directory.CreateDirectory(_folder["pictures"]);
        byte[] whole = await File.ReadAllBytesAsync(Path.Combine(Golden.Folder, "pictures", "white_320x240.jpeg"));
        await File.WriteAllBytesAsync(_folder["pictures/white_320x240.jpeg"], whole[..^2]);
        File.Copy(Path.Combine(Golden.Folder, "pictures", "raccoon_400x300_exif_rotated.jpeg"), _folder["pictures/rotated.jpeg"]);
        KoalaRun run = await FinishAsync();

        Assert.True(run.ExitCode == 0, run.Output + run.Errors);
        string[] index = await File.ReadAllLinesAsync(_folder["data/index.csv"]);
        Assert.EndsWith(",record,place,profile,orientation", index[0]);
        Assert.Contains(",kept,", index.Single(row => row.StartsWith("white_320x240.jpeg,", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.EndsWith(",,6", index.Single(row => row.StartsWith("rotated.jpeg,", StringComparison.Ordinal)));
        Assert.Contains("\"picture_rule\": 2", await File.ReadAllTextAsync(_folder["data/.koala/job.json"]), StringComparison.Ordinal);
        using var summary = JsonDocument.Parse(await File.ReadAllTextAsync(_folder["data/dataset.json"]));
        Assert.Equal(1, summary.RootElement.GetProperty("orientations").GetProperty("6").GetInt32());
        Assert.Empty(summary.RootElement.GetProperty("profiles").EnumerateObject());
    }

    private async Task UnpackAsync(string killedWhile)
    {
        Directory.CreateDirectory(_folder["pictures"]);
        foreach (string picture in Pictures)
        {
            File.Copy(Path.Combine(Golden.Folder, "pictures", picture + ".jpeg"), Path.Combine(_folder["pictures"], picture + ".jpeg"));
        }

        // That version did not look into folders below.
        Directory.CreateDirectory(_folder["pictures/below"]);
        File.Copy(Path.Combine(Golden.Folder, "pictures", "one_pixel.jpeg"), _folder["pictures/below/one_pixel.jpeg"]);

        await using (var packed = new GZipStream(File.OpenRead(Path.Combine(Fixtures, killedWhile + ".tar.gz")), CompressionMode.Decompress))
        {
            await TarFile.ExtractToDirectoryAsync(packed, _folder.Path, overwriteFiles: false);
        }

        ReplaceInPaths("/tmp/hm/pictures", _folder["pictures"]);
    }

    private Task<KoalaRun> FinishAsync() =>
        KoalaProcess.RunAsync(_folder.Path, "run", "pictures", "data", "--device", "simulated", "--batch-size", "2", "--json");

    // The set knows the folder of its pictures by its full path.
    private void ReplaceInPaths(string path, string other)
    {
        foreach (string file in new[] { ".koala/job.json", "dataset.json" }.Select(name => Path.Combine(_folder["data"], name)).Where(File.Exists))
        {
            File.WriteAllText(file, File.ReadAllText(file).Replace(path, other, StringComparison.Ordinal));
        }
    }

    private static IEnumerable<string> Hashes(string data) =>
        Directory.GetFiles(data, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(data, file))
            .Where(file => !file.EndsWith("/lock", StringComparison.Ordinal) && !file.StartsWith(".koala/losses/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(file => $"{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(data, file))))}  {file}");
}
