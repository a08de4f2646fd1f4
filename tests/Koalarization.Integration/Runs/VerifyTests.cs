using System.Text.Json;

namespace Koalarization.Integration.Runs;

public sealed class VerifyTests : SetTests
{
    [Fact]
    public async Task A_finished_set_is_right_before_and_after_a_split()
    {
        KoalaRun run = await VerifyAsync("data");
        Assert.True(run.ExitCode == 0, run.Output + run.Errors);
        JsonElement done = run.Event("verify_done");
        Assert.Equal(
            (5, 40, 40, 40, 0, 0),
            (Count(done, "records"), Count(done, "pictures"), Count(done, "originals"), Count(done, "resized"), Count(done, "problems"), Count(done, "notes")));
        await KoalaAsync("split", "data", "--val-fraction", "0.3");
        Assert.Equal(0, (await VerifyAsync("data/tfrecords")).ExitCode);
        Assert.Equal(0, (await VerifyAsync("data", "--quick")).ExitCode);
    }

    [Fact]
    public async Task Every_flipped_byte_is_found_and_named_wherever_it_is()
    {
        string[] files =
        [
            "tfrecords/lab_images_1.tfrecord", Some("original"), Some("resized"), ".koala/slices/1/000000.json", ".koala/plan/1/links.jsonl",
            ".koala/records/3.json", ".koala/network.json", ".koala/rounds/2.closed.json", "index.csv", "dataset.json",
        ];
        foreach (string file in files)
        {
            string path = Path.Combine(Data, file);
            byte[] whole = File.ReadAllBytes(path);
            Flip(path);
            KoalaRun run = await VerifyAsync("data");
            Assert.True(run.ExitCode == 1, $"{file}: {run.Output}{run.Errors}");
            Assert.Contains(Problems(run), problem => problem.Name.Contains(Path.GetFileNameWithoutExtension(file), StringComparison.Ordinal) || problem.Detail.Contains(Path.GetFileName(file), StringComparison.Ordinal));
            File.WriteAllBytes(path, whole);
        }

        Assert.Equal(0, (await VerifyAsync("data")).ExitCode);
    }

    [Fact]
    public async Task What_is_missing_extra_swapped_and_stray_is_named()
    {
        string[] originals =
        [
            .. File.ReadLines(Path.Combine(Data, ".koala/slices/1/000000.json")).Skip(1).Select(line => JsonDocument.Parse(line).RootElement)
                .Where(row => Text(row, "outcome") == "kept").Select(row => Path.Combine(Data, "original", Text(row, "name"))),
        ];
        File.Delete(Record(4));
        File.Copy(Record(2), Record(9));
        File.Move(Record(0), Record(100));
        File.Move(Record(1), Record(0));
        File.Move(Record(100), Record(1));
        File.Move(originals[0], Folder["x"]);
        File.Move(originals[1], originals[0]);
        File.Move(Folder["x"], originals[1]);
        File.Delete(originals[2].Replace("/original/", "/resized/", StringComparison.Ordinal));
        File.WriteAllText(Path.Combine(Data, "original", "orphan.jpeg"), "");
        Directory.CreateDirectory(Path.Combine(Data, ".koala/tmp/2/gone"));
        File.Delete(Path.Combine(Data, ".koala/slices/2/000000.json"));
        File.Delete(Path.Combine(Data, ".koala/records/3.json"));

        KoalaRun run = await VerifyAsync("data");
        Assert.Equal(1, run.ExitCode);
        string[] found = [.. Problems(run).Select(problem => $"{problem.Kind} {problem.Name}")];
        Assert.Contains("missing tfrecords/lab_images_4.tfrecord", found);
        Assert.Contains("extra tfrecords/lab_images_9.tfrecord", found);
        Assert.Contains("swapped tfrecords/lab_images_0.tfrecord", found);
        Assert.Contains("swapped tfrecords/lab_images_1.tfrecord", found);
        Assert.Contains($"swapped original/{Path.GetFileName(originals[0])}", found);
        Assert.Contains($"swapped original/{Path.GetFileName(originals[1])}", found);
        Assert.Contains($"missing resized/{Path.GetFileName(originals[2])}", found);
        Assert.Contains("missing .koala/slices/2/000000.json", found);
        Assert.Contains("extra tfrecords/lab_images_3.tfrecord", found);
        string[] notes = [.. run.Events.Where(e => Text(e, "event") == "verify_note").Select(e => $"{Text(e, "kind")} {Text(e, "name")}")];
        Assert.Contains("orphan original/orphan.jpeg", notes);
        Assert.Contains("temporary .koala/tmp/2", notes);
    }

    [Fact]
    public async Task A_manifest_that_speaks_of_other_pictures_is_a_contradiction()
    {
        string path = Path.Combine(Data, ".koala/records/1.json");
        File.WriteAllText(path, File.ReadAllText(path).Replace("\"offset\": 10", "\"offset\": 11", StringComparison.Ordinal));
        KoalaRun run = await VerifyAsync("data");
        Assert.Contains(Problems(run), problem => problem is { Kind: "contradiction", Name: ".koala/records/1.json" });
    }

    [Fact]
    public async Task A_round_that_is_open_is_named_and_what_stands_of_it_is_right()
    {
        File.Delete(Path.Combine(Data, ".koala/rounds/2.closed.json"));
        KoalaRun run = await VerifyAsync("data");
        Assert.Equal(("unfinished", "round 2"), Assert.Single(Problems(run).Select(problem => (problem.Kind, problem.Name))));
        KoalaRun split = await KoalaAsync("split", "data", "--none");
        Assert.Equal(3, split.ExitCode);
        Assert.Contains("round 2 is open", Text(split.Event("command_failed"), "error"), StringComparison.Ordinal);
        KoalaRun compress = await KoalaAsync("compress", "data", "--to", "gzip");
        Assert.Contains("round 2 is open", Text(compress.Event("command_failed"), "error"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_set_whose_job_cannot_be_read_is_said_in_one_sentence()
    {
        File.WriteAllText(Path.Combine(Data, ".koala/job.json"), "{");
        KoalaRun run = await VerifyAsync("data");
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("job.json", Text(run.Event("command_failed"), "error"), StringComparison.Ordinal);
    }

    private static int Count(JsonElement done, string name) => done.GetProperty(name).GetInt32();

    private static (string Kind, string Name, string Detail)[] Problems(KoalaRun run) =>
        [.. run.Events.Where(e => Text(e, "event") == "problem").Select(e => (Text(e, "kind"), Text(e, "name"), Text(e, "detail")))];

    private string Some(string folder) => Path.GetRelativePath(Data, Directory.GetFiles(Path.Combine(Data, folder)).Order(StringComparer.Ordinal).ElementAt(7));

    private Task<KoalaRun> VerifyAsync(params string[] words) => KoalaAsync(["verify", .. words]);
}
