using System.Diagnostics;
using System.Text.Json;

namespace Koalarization.Integration.Runs;

/// <summary>What <c>koala verify</c> names, <c>koala repair</c> restores to the byte, or names as lost.</summary>
public sealed class RepairTests : SetTests
{
    [Fact]
    public async Task Every_kind_of_damage_to_pictures_records_and_views_is_restored_to_the_byte()
    {
        IReadOnlyDictionary<string, string> before = KillMoments.Everything(Data);
        Damage();
        string pipe = Originals()[19];
        File.Delete(pipe);
        using (Process made = Process.Start("mkfifo", pipe))
        {
            await made.WaitForExitAsync();
        }

        KoalaRun dry = await KoalaAsync("repair", "data", "--dry-run");
        Assert.True(dry.ExitCode == 0, dry.Output + dry.Errors);
        KoalaRun verified = await KoalaAsync("verify", "data");
        Assert.Equal(1, verified.ExitCode);
        Assert.Equal("koala repair data", Text(verified.Event("verify_done"), "repair"));

        KoalaRun run = await KoalaAsync("repair", "data");
        Assert.True(run.ExitCode == 0, run.Output + run.Errors);
        Assert.Equal(Named(dry, "restorable"), Named(run, "restored"));
        AssertSame(before);
        Assert.Equal(0, (await KoalaAsync("verify", "data")).ExitCode);
        Assert.Equal(0, (await KoalaAsync("repair", "data")).Event("repair_done").GetProperty("restored").GetInt32());
    }

    [Fact]
    public async Task A_repair_that_is_killed_at_any_moment_is_finished_by_the_next()
    {
        IReadOnlyDictionary<string, string> before = KillMoments.Everything(Data);
        Damage();
        IReadOnlyDictionary<string, string> damaged = KillMoments.Everything(Data);
        TimeSpan whole = await TimeAsync();
        int kills = 0;
        for (int seed = 0; seed < 6; seed++)
        {
            Damage();
            using Process repair = KoalaProcess.Start(Folder.Path, "repair", "data", "--json");
            Task<KoalaRun> end = KoalaProcess.EndAsync(repair);
            using var patience = new CancellationTokenSource(whole * new Random(seed).NextDouble());
            try
            {
                await repair.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                repair.Kill();
                kills++;
            }

            await end;
            Assert.All(
                KillMoments.Everything(Data).Where(file => before.ContainsKey(file.Key)),
                file => Assert.True(file.Value == before[file.Key] || file.Value == damaged.GetValueOrDefault(file.Key), $"seed {seed}: {file.Key}"));
            KoalaRun second = await KoalaAsync("repair", "data");
            Assert.True(second.ExitCode == 0, second.Output + second.Errors);
            AssertSame(before);
        }

        Assert.NotEqual(0, kills);
    }

    [Fact]
    public async Task What_the_rest_of_the_state_gives_is_restored_and_leftovers_go()
    {
        IReadOnlyDictionary<string, string> before = KillMoments.Everything(Data);
        Flip(Path.Combine(Data, ".koala/plan/1/links.jsonl"));
        File.Delete(Path.Combine(Data, ".koala/plan/2/links.jsonl"));
        File.WriteAllText(Path.Combine(Data, ".koala/rounds/1.closed.json"), "{");
        File.Delete(Path.Combine(Data, ".koala/rounds/2.closed.json"));
        Directory.CreateDirectory(Path.Combine(Data, ".koala/tmp/1/gone"));
        File.WriteAllText(Path.Combine(Data, ".koala/tmp/1/gone/00000001"), "a draft");
        File.WriteAllText(Path.Combine(Data, ".koala/records/1.00ff.data"), "an uncommitted record");
        Directory.Delete(Path.Combine(Data, "resized"), recursive: true);
        KoalaRun run = await KoalaAsync("repair", "data");
        Assert.True(run.ExitCode == 0, run.Output + run.Errors);
        AssertSame(before);
        Assert.Empty(Tree.Temporary(Data));
        Assert.Equal(0, (await KoalaAsync("verify", "data")).ExitCode);
    }

    [Fact]
    public async Task What_nothing_gives_is_named_with_what_it_means_and_left_as_it_is()
    {
        // Those that are in the set once, resized too, as different files may be: others would be restored from their doubles.
        string[] originals = [.. Originals().Where(file => IsThereOnce(file) && IsThereOnce(file.Replace("/original/", "/resized/", StringComparison.Ordinal)))];
        string resized = originals[0].Replace("/original/", "/resized/", StringComparison.Ordinal);
        File.WriteAllText(originals[0], "changed");
        File.Delete(resized);
        string full = Directory.CreateDirectory(originals[1] + ".x").FullName;
        File.Delete(originals[1]);
        File.WriteAllText(Path.Combine(full, "kept"), "");
        Directory.Move(full, originals[1]);
        File.Delete(Path.Combine(Data, ".koala/records/1.json"));
        File.WriteAllText(Path.Combine(Data, "tfrecords/notes.txt"), "a stray file");
        Flip(Path.Combine(Data, ".koala/slices/2/000000.json"));
        IReadOnlyDictionary<string, string> before = KillMoments.Everything(Data);
        KoalaRun run = await KoalaAsync("repair", "data", "--no-fetch");
        Assert.Equal(1, run.ExitCode);
        string[] lost = Named(run, "lost");
        Assert.Contains($"original/{Path.GetFileName(originals[0])}", lost);
        Assert.Contains($"original/{Path.GetFileName(originals[1])}", lost);
        Assert.Contains($"resized/{Path.GetFileName(resized)}", lost);
        Assert.Contains(".koala/records/1.json", lost);
        Assert.Contains(".koala/slices/2/000000.json", lost);
        Assert.Contains("which of its links were kept", run.Output, StringComparison.Ordinal);
        AssertSame(before);

        // A folder with something in it is moved, and never removed.
        KoalaRun fetching = await KoalaAsync("repair", "data");
        Assert.Contains($"it is original/{Path.GetFileName(originals[1])}.aside now", fetching.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(originals[1] + ".aside/kept"));
        Assert.True(File.Exists(originals[1]));
    }

    [Fact]
    public async Task A_record_is_restored_from_its_packed_copy_under_the_name_of_its_split()
    {
        await KoalaAsync("split", "data", "--val", "2,3");
        string record = Path.Combine(Data, "tfrecords/val_lab_images_2.tfrecord");
        byte[] whole = File.ReadAllBytes(record);
        Assert.Equal(0, (await KoalaAsync("compress", "data", "--to", "zstd")).ExitCode);
        KoalaRun clean = await KoalaAsync("verify", "data");
        Assert.Equal(0, clean.Event("verify_done").GetProperty("notes").GetInt32());

        // A split that was killed leaves both names.
        File.Copy(Path.Combine(Data, "tfrecords/val_lab_images_3.tfrecord"), Record(3));
        File.Delete(record);
        Directory.Delete(Path.Combine(Data, "resized"), recursive: true);
        Directory.Delete(Path.Combine(Data, "original"), recursive: true);
        KoalaRun run = await KoalaAsync("repair", "data", "--no-fetch");
        Assert.Equal(1, run.ExitCode);
        Assert.Equal(["tfrecords/val_lab_images_2.tfrecord", "tfrecords/val_lab_images_3.tfrecord"], Named(run, "restored"));
        Assert.False(File.Exists(Record(3)));
        Assert.Equal(whole, File.ReadAllBytes(record));
    }

    [Fact]
    public async Task A_set_in_work_is_refused_and_so_is_one_that_cannot_be_read()
    {
        KoalaRun locked = await KoalaProcess.RunShellAsync(Folder.Path, "exec 9<data/.koala/lock; flock -x 9; $KOALA repair data 9<&-");
        Assert.Equal(3, locked.ExitCode);
        Assert.Equal("koala: data is being worked on by another koala; wait for it, or stop it.\n", locked.Errors);

        Directory.CreateDirectory(Path.Combine(Data, ".koala/owner"));
        File.WriteAllText(Path.Combine(Data, ".koala/owner/1.json"), "{\"epoch\": 1, \"kind\": \"cluster\", \"owner\": \"a\", \"note\": \"koala@a:1\"}");
        File.Delete(Path.Combine(Data, ".koala/rounds/2.closed.json"));
        KoalaRun owned = await KoalaProcess.RunAsync(Folder.Path, "repair", "data");
        Assert.Equal(3, owned.ExitCode);
        Assert.StartsWith("koala: data belongs to a cluster (koala@a:1), and its round 2 is open; let it finish there", owned.Errors, StringComparison.Ordinal);

        File.WriteAllText(Path.Combine(Data, ".koala/job.json"), "{");
        KoalaRun unreadable = await KoalaProcess.RunAsync(Folder.Path, "repair", "data");
        Assert.Equal(3, unreadable.ExitCode);
        Assert.Contains("job.json", unreadable.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_of_lab_batch_and_a_compressed_record_are_restored_too()
    {
        foreach (string compression in (string[])["none", "gzip"])
        {
            Assert.Equal(0, (await KoalaAsync("lab-batch", "data/resized", compression, "--device", "simulated", "-b", "16", "--compression", compression)).ExitCode);
            IReadOnlyDictionary<string, string> before = KillMoments.Everything(Folder[compression]);
            Flip(Folder[$"{compression}/lab_images_0.tfrecord"]);
            File.Delete(Folder[$"{compression}/lab_images_1.tfrecord"]);
            KoalaRun run = await KoalaAsync("repair", compression);
            Assert.True(run.ExitCode == 0, run.Output + run.Errors);
            Assert.Equal(Sorted(before), Sorted(KillMoments.Everything(Folder[compression])));
        }
    }

    private static string[] Named(KoalaRun run, string kind) =>
        [.. run.Events.Where(e => Text(e, "event") == kind).Select(e => Text(e, "name")).Order(StringComparer.Ordinal)];

    private static IOrderedEnumerable<KeyValuePair<string, string>> Sorted(IReadOnlyDictionary<string, string> files) => files.OrderBy(file => file.Key, StringComparer.Ordinal);

    private void AssertSame(IReadOnlyDictionary<string, string> before) => Assert.Equal(Sorted(before), Sorted(KillMoments.Everything(Data)));

    private async Task<TimeSpan> TimeAsync()
    {
        long start = Stopwatch.GetTimestamp();
        KoalaRun run = await KoalaAsync("repair", "data");
        Assert.True(run.ExitCode == 0, run.Output + run.Errors);
        return Stopwatch.GetElapsedTime(start);
    }

    /// <summary>Damages whole pictures, records and views in every way. A record is three times as likely to lose colours as logits, so both are done.</summary>
    private void Damage()
    {
        string[] originals = Originals();
        string[] resized = [.. originals.Select(original => original.Replace("/original/", "/resized/", StringComparison.Ordinal))];
        foreach (string[] files in (string[][])[originals[..9], resized[9..18]])
        {
            File.Delete(files[0]);
            Cut(files[1]);
            Flip(files[2]);
            File.WriteAllText(files[3], "other content");
            File.WriteAllText(files[4], "");
            File.Delete(files[5]);
            Directory.CreateDirectory(files[5]);
            File.Delete(files[6]);
            File.CreateSymbolicLink(files[6], Folder["links.txt"]);
            File.Move(files[7], files[0] + ".moving");
            File.Move(files[8], files[7]);
            File.Move(files[0] + ".moving", files[8]);
        }

        // Both of one picture.
        File.WriteAllText(originals[18], "");
        File.Delete(resized[18]);
        // In the colours of a picture, in the logits of another, in a length.
        Flip(Record(0), 5000);
        Flip(Record(0), 716_000);
        Flip(Record(1), 3);
        Cut(Record(2));
        File.Delete(Record(3));
        File.WriteAllText(Record(4), "");
        Flip(Path.Combine(Data, "index.csv"));
        File.Delete(Path.Combine(Data, "dataset.json"));
    }

    private static void Cut(string path)
    {
        using FileStream file = File.OpenWrite(path);
        file.SetLength(file.Length / 2);
    }

    private static bool IsThereOnce(string file) =>
        Directory.GetFiles(Path.GetDirectoryName(file)!).Count(other => File.ReadAllBytes(other).AsSpan().SequenceEqual(File.ReadAllBytes(file))) == 1;

    private string[] Originals() =>
    [
        .. File.ReadLines(Path.Combine(Data, ".koala/slices/1/000000.json")).Skip(1).Select(line => JsonDocument.Parse(line).RootElement)
            .Where(row => Text(row, "outcome") == "kept").Select(row => Path.Combine(Data, "original", Text(row, "name"))),
    ];
}
