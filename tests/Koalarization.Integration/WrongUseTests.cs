namespace Koalarization.Integration;

/// <summary>Wrong use gets one sentence that says what to do, on standard error, and an exit code of its own.</summary>
public sealed class WrongUseTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<int, string, string[]> WrongLines => new()
    {
        { 2, "unknown command 'bla'", ["bla"] },
        { 2, "OUT_DIR", ["resize", "in"] },
        { 2, "not a size", ["resize", "in", "out", "-s", "0"] },
        { 2, "not a size", ["resize", "in", "out", "-s", "299,"] },
        { 3, "nowhere does not exist", ["resize", "nowhere", "out"] },
        { 3, "file.txt is a file", ["resize", "file.txt", "out"] },
        { 2, "is the source folder", ["resize", "in", "in/../in"] },
        { 3, "file.txt is a file", ["resize", "in", "file.txt"] },
        { 2, "at least 1", ["lab-batch", "in", "out", "-b", "0"] },
        { 3, "no .jpg or .jpeg files in none", ["lab-batch", "none", "out", "-c", "random:0"] },
        { 2, "no seed", ["lab-batch", "in", "out", "-c", "random:x"] },
        { 3, "nowhere.ckpt", ["lab-batch", "in", "out", "-c", "nowhere.ckpt"] },
        { 2, "whole number", ["lab-batch", "in", "out", "-b", "many"] },
        { 2, "--precision", ["lab-batch", "in", "out", "--precision", "fp8"] },
        { 2, "name is empty", ["resize", "in", ""] },
        { 3, "@in does not exist", ["resize", "@in", "out"] },
        { 2, "100 megapixels", ["resize", "in", "out", "-s", "65500"] },
        { 2, "not a device", ["lab-batch", "in", "out", "--device", "tpu"] },
        { 3, "nowhere.tfrecord does not exist", ["inspect", "nowhere.tfrecord"] },
        { 3, "no .tfrecord files in in", ["inspect", "in"] },
        { 2, "--to", ["compress", "file.txt"] },
        { 2, "--to", ["compress", "file.txt", "--to", "rar"] },
        { 2, "must be 1 to 9 for gzip", ["compress", "file.txt", "--to", "gzip", "--level", "10"] },
        { 2, "does not apply to --to none", ["compress", "file.txt", "--to", "none", "--level", "1"] },
        { 2, "--out must be a folder", ["compress", "file.txt", "--to", "gzip", "--out", "file.txt"] },
        { 3, "nowhere.tfrecord does not exist", ["compress", "nowhere.tfrecord", "--to", "gzip"] },
        { 3, "no .tfrecord files in none", ["compress", "none", "--to", "gzip"] },
        { 2, "split requires exactly one of", ["split", "none"] },
        { 2, "split requires exactly one of", ["split", "none", "--none", "--val", "0"] },
        { 2, "'x' is not one", ["split", "none", "--val", "0,x"] },
        { 2, "above 0 and below 1", ["split", "none", "--val-fraction", "1"] },
        { 3, "no lab_images_K.tfrecord in none", ["split", "none", "--none"] },
        { 3, "nowhere does not exist", ["split", "nowhere", "--none"] },
        { 3, "nowhere does not exist", ["verify", "nowhere"] },
        { 3, "none is neither a data set nor a folder of lab_images_K.tfrecord", ["verify", "none"] },
        { 3, "file.txt is a file", ["verify", "file.txt"] },
        { 3, "nowhere does not exist", ["repair", "nowhere"] },
        { 3, "none is neither a data set nor a folder of lab_images_K.tfrecord", ["repair", "none"] },
        { 3, "nowhere does not exist", ["failures", "nowhere"] },
        { 3, "none has no index.csv", ["failures", "none"] },
        { 3, "cannot be read", ["download", "nowhere.txt", "out"] },
        { 2, "must not be negative", ["download", "file.txt", "out", "-s", "-1"] },
        { 2, "--probe must be an http(s) URL", ["download", "file.txt", "out", "--probe", "living.example"] },
        { 2, "--host-limit must be at least 1", ["download", "file.txt", "out", "--host-limit", "0"] },
        { 2, "--max-body-memory must be at least 1", ["download", "file.txt", "out", "--max-body-memory", "0"] },
        { 3, "has files that are not a demo's", ["demo", "."] },
        { 3, "no control node answers at http://127.0.0.1:1;", ["jobs", "--control", "http://127.0.0.1:1"] },
        { 3, "no control node answers at http://127.0.0.1:1 or http://127.0.0.1:2;", ["nodes", "--control", "127.0.0.1:1,http://127.0.0.1:2"] },
        { 2, "'ftp://somewhere' is not a valid control node URL", ["status", "--control", "ftp://somewhere"] },
        { 2, "no control node URL in", ["jobs", "--control", ","] },
        { 2, "'..' is not a valid name", ["status", ".."] },
        { 2, "standard input", ["submit", "-", "data"] },
        { 2, "LINKS is empty", ["submit", "", "data"] },
        { 2, "not a size", ["submit", "file.txt", "data", "--size", "big"] },
        { 2, "cancel requires JOB", ["cancel"] },
        { 2, "--roles", ["node", "--store", "none"] },
        { 2, "--roles must be a comma-separated list of control, fetch, embed, write", ["node", "--roles", "cook", "--store", "none"] },
        { 2, "--seed must be HOST:PORT", ["node", "--roles", "fetch", "--store", "none", "--seed", "somewhere"] },
        { 2, "--http is for control nodes", ["node", "--roles", "fetch", "--store", "none", "--http", "1"] },
        { 2, "--port must be 0 to 65535", ["node", "--roles", "fetch", "--store", "none", "--port", "70000"] },
        { 2, "--public-domain is for a node whose --public-host is an IP address", ["node", "--roles", "fetch", "--store", "none", "--public-domain", "koala.pod"] },
        { 2, "--public-domain must be a host name", ["node", "--roles", "fetch", "--store", "none", "--public-host", "10.0.0.1", "--public-domain", "http://x"] },
        { 2, "--probes must be a port, or an IP address and a port such as 0.0.0.0:8670, not 'localhost:8670'", ["node", "--roles", "fetch", "--store", "none", "--probes", "localhost:8670"] },
        { 2, "--probes must be a port", ["node", "--roles", "fetch", "--store", "none", "--probes", "70000"] },
        { 3, "cannot listen on 192.0.2.1:8670", ["node", "--roles", "fetch", "--store", "in", "--port", "0", "--probes", "192.0.2.1:8670"] },
        { 3, "nowhere does not exist", ["node", "--roles", "fetch", "--store", "nowhere"] },
        { 2, "drain requires NODE", ["drain"] },
        { 2, "--first-byte-timeout must be a number of seconds, more than 0 and at most 86400, such as 5 or 2.5, not '2,5'", ["download", "file.txt", "out", "--first-byte-timeout", "2,5"] },
        { 2, "--connect-timeout must be a number of seconds", ["run", "file.txt", "out", "--connect-timeout", "1,000"] },
        { 2, "--timeout must be a number of seconds", ["node", "--roles", "fetch", "--store", "none", "--timeout", "NaN"] },
        { 2, "not '30s'", ["download", "file.txt", "out", "--timeout", "30s"] },
        { 2, "--max-megapixels must be a number of megapixels, more than 0", ["resize", "in", "out", "--max-megapixels", "1,5"] },
        { 2, "--val-fraction must be a fraction above 0 and below 1, such as 0.1, not '10%'", ["split", "none", "--val-fraction", "10%"] },
        { 2, "not '0,1'", ["split", "none", "--val-fraction", "0,1"] },
        { 2, "--min-rate must be a whole number, not '1,000'", ["download", "file.txt", "out", "--min-rate", "1,000"] },
        { 2, "--count must be at least 1, not 0", ["run", "file.txt", "out", "--count", "0"] },
        { 2, "--max-batch must be 1 to 1024, not 5000", ["lab-batch", "in", "out", "--max-batch", "5000"] },
        { 2, "--user-agent must be printable ASCII characters on one line, since no request can have others; it has 'ü'", ["download", "file.txt", "out", "--user-agent", "Müller"] },
        { 2, "it has a line break", ["run", "file.txt", "out", "--user-agent", "a\r\nX-More: b"] },
        { 2, "unknown command 'compres'; did you mean compress?", ["compres", "file.txt"] },
        { 2, "unknown command 'Run'; did you mean run?", ["Run", "file.txt", "out"] },
        { 2, "unknown command 'runn'; did you mean run?", ["runn", "--help"] },
        { 2, "unknown option '--vers'; did you mean --version?", ["--vers"] },
        { 2, "unknown option '--batch'; did you mean --batch-size?", ["run", "file.txt", "out", "--batch", "4"] },
        { 2, "unknown option '--batch_size'; did you mean --batch-size?", ["run", "file.txt", "out", "--batch_size=4"] },
        { 2, "unknown option '-batch-size'; did you mean --batch-size?", ["run", "file.txt", "out", "-batch-size", "4"] },
        { 2, "unknown option '--batch-size': it is an option of run, lab-batch, submit, and not of download.", ["download", "file.txt", "out", "--batch-size", "4"] },
        { 2, "not 'recods'; did you mean records?", ["run", "file.txt", "out", "--until", "recods"] },
        { 2, "not 'FP32'; did you mean fp32?", ["lab-batch", "in", "out", "--precision", "FP32"] },
        { 2, "--format must be one of text, csv, tsv, json, jsonl, parquet, not 'cvs'; did you mean csv?", ["run", "file.txt", "out", "--format", "cvs"] },
        { 2, "SHELL must be one of bash, zsh, fish, not 'bahs'; did you mean bash?", ["completion", "bahs"] },
        { 2, "not 'fetch,embd'; did you mean embed?", ["node", "--roles", "fetch,embd", "--store", "none"] },
        { 2, "did you mean cuda?", ["lab-batch", "in", "out", "--device", "gpu"] },
        { 2, "'more' is one name too many: run takes LINKS and DATA.", ["run", "file.txt", "out", "more"] },
        { 2, "--count requires a value", ["run", "file.txt", "out", "--count"] },
        { 2, "--count is given 2 times; give it once.", ["run", "file.txt", "out", "--count", "3", "--count", "4"] },
        { 2, "compress requires --to: ", ["compress", "file.txt"] },
        { 2, "-c is --checkpoint here, and 100 is no checkpoint; the number of links is --count 100", ["run", "file.txt", "out", "-c", "100"] },
        { 3, "http://127.0.0.1:1/list.txt cannot be read: its host accepts no connection at that port.", ["run", "http://127.0.0.1:1/list.txt", "out", "-c", "random:0"] },
        { 2, "--checkpoint is empty", ["lab-batch", "in", "out", "-c", ""] },
        { 2, "unknown option '--levle'; did you mean --level?", ["compress", "--levle", "3", "file.txt", "--to", "gzip"] },
        { 2, "unknown option '--html-page'", ["inspect", "--html-page", "file.txt"] },
        { 2, "unknown option '--bathc-size'; did you mean --batch-size?", ["run", "file.txt", "out", "--bathc-size", "4"] },
        { 2, "--public-host must be a host name or an address, without a scheme or a port, not 'bad host'", ["node", "--roles", "fetch", "--store", "none", "--public-host", "bad host"] },
        { 2, "not 0.0.0.0, which is for listening", ["node", "--roles", "fetch", "--store", "none", "--public-host", "0.0.0.0"] },
        { 2, "--seed must be HOST:PORT, not 'http://a:1'", ["node", "--roles", "fetch", "--store", "none", "--seed", "http://a:1"] },
        { 2, "--seed must be HOST:PORT, not '0.0.0.0:8650'", ["node", "--roles", "fetch", "--store", "none", "--seed", "0.0.0.0:8650"] },
        { 2, "--port and --http are both 18999", ["node", "--roles", "control", "--store", "none", "--port", "18999", "--http", "18999"] },
        { 3, "file.txt is a file, and a folder is needed there", ["run", "in", "file.txt/data", "--until", "resize"] },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(WrongLines))]
    public async Task One_sentence_says_what_is_wrong(int exitCode, string part, string[] words)
    {
        Directory.CreateDirectory(_folder["in"]);
        Directory.CreateDirectory(_folder["none"]);
        File.Copy(Golden.PathOf("resized_299x299/files/one_pixel.jpeg"), _folder["in/a.jpg"]);
        File.WriteAllText(_folder["file.txt"], "");
        KoalaRun run = await KoalaProcess.RunAsync(_folder.Path, words);
        Assert.Equal(exitCode, run.ExitCode);
        string sentence = Assert.Single(run.Errors.Split('\n'), line => line.StartsWith("koala: ", StringComparison.Ordinal));
        Assert.Contains(part, sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
        Assert.Equal(["file.txt", "in", "none"], Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName).Where(name => name != "out").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task With_json_a_wrong_line_is_answered_in_json()
    {
        KoalaRun run = await KoalaProcess.RunAsync(_folder.Path, "resize", "in", "--json");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("OUT_DIR", run.Event("command_failed").GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Empty(run.Errors);
    }

    [Theory]
    [InlineData("demo")]
    [InlineData("download")]
    [InlineData("resize")]
    [InlineData("lab-batch")]
    [InlineData("inspect")]
    [InlineData("split")]
    [InlineData("verify")]
    [InlineData("repair")]
    [InlineData("failures")]
    [InlineData("compress")]
    [InlineData("node")]
    [InlineData("submit")]
    [InlineData("status")]
    [InlineData("cancel")]
    [InlineData("jobs")]
    [InlineData("nodes")]
    [InlineData("drain")]
    [InlineData("embedders")]
    [InlineData("doctor")]
    [InlineData("completion")]
    public async Task Help_of_each_command_ends_with_an_example_of_it(string command)
    {
        KoalaRun run = await KoalaProcess.RunAsync(_folder.Path, command, "--help");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("koala " + command, run.Output[run.Output.IndexOf("Examples:", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_words_the_program_shows_its_help()
    {
        KoalaRun run = await KoalaProcess.RunAsync(_folder.Path);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("lab-batch", run.Output, StringComparison.Ordinal);
    }
}
