using System.Text.Json;

namespace Koalarization.Integration;

/// <summary>A libtorch that the user names: the program's own, linked into another folder.</summary>
public sealed class LibTorchTests : IDisposable
{
    private const string Libraries = "venv/torch/lib";

    private readonly TemporaryFolder _folder = new();

    public LibTorchTests()
    {
        Directory.CreateDirectory(_folder[Libraries]);
        foreach (string library in Directory.GetFiles(Path.Combine(Path.GetDirectoryName(KoalaProcess.Executable)!, "libtorch")))
        {
            File.CreateSymbolicLink(_folder[Path.Combine(Libraries, Path.GetFileName(library))], library);
        }

        Write("2.10.0+cpu");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Records_are_the_same_with_a_libtorch_elsewhere()
    {
        Directory.CreateDirectory(_folder["resized"]);
        foreach (string name in (string[])["astronaut_299x299.jpeg", "astronaut_333x251_restart.jpeg"])
        {
            File.Copy(Golden.PathOf("resized_299x299/files/" + name), _folder["resized/" + name]);
        }

        Assert.Equal(0, (await LabBatchAsync("own", [])).ExitCode);
        Assert.Equal(0, (await LabBatchAsync("named", new() { ["KOALA_LIBTORCH"] = _folder[Libraries] })).ExitCode);

        Assert.Equal(File.ReadAllBytes(_folder["own/lab_images_0.tfrecord"]), File.ReadAllBytes(_folder["named/lab_images_0.tfrecord"]));
    }

    [Fact]
    public async Task Doctor_says_which_one_is_used()
    {
        string line = await TorchLineAsync();
        Assert.StartsWith("ok", line, StringComparison.Ordinal);
        Assert.Contains($"libtorch 2.10.0+cpu in {_folder[Libraries]}", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("libc10.so", "has no libc10.so: name the folder of libtorch's libraries")]
    [InlineData("libgomp", "which is not on this machine: install the packages that belong to that PyTorch")]
    public async Task A_folder_with_a_library_missing_is_refused_by_its_name(string library, string sentence)
    {
        File.Delete(Directory.GetFiles(_folder[Libraries], library + "*").Single());
        string line = await TorchLineAsync();
        Assert.StartsWith("ERROR", line, StringComparison.Ordinal);
        Assert.Contains(sentence, line, StringComparison.Ordinal);
        Assert.Contains(library, line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_version_that_is_too_old_is_refused()
    {
        Write("2.4.1+cu121");
        Assert.Contains($"the libtorch 2.4.1+cu121 in {_folder[Libraries]} is too old: install PyTorch 2.10 or newer", await TorchLineAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_for_the_CPU_is_refused_where_cuda_is_asked_for()
    {
        KoalaRun run = await KoalaProcess.RunAsync(_folder.Path, "bench-embed", "--device", "cuda", "--libtorch", Libraries, "--seconds", "0.1");
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains($"the libtorch 2.10.0+cpu in {_folder[Libraries]} is for the CPU only: install a PyTorch for CUDA there, or use --device cpu", run.Output + run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bench_embed_measures_what_is_asked_for()
    {
        KoalaRun run = await KoalaProcess.RunAsync(_folder.Path, "bench-embed", "--precision", "fp32", "--batch", "1,2", "--seconds", "0.1", "--json");
        Assert.Equal(0, run.ExitCode);
        JsonElement[] measured = [.. run.Events.Where(line => line.GetProperty("event").GetString() == "embed_measured")];
        Assert.Equal([1, 2], measured.Select(line => line.GetProperty("batch").GetInt32()));
        Assert.All(measured, line =>
        {
            Assert.True(line.GetProperty("pictures_per_second").GetDouble() > 0);
            Assert.InRange(line.GetProperty("largest_difference").GetDouble(), 0, 1e-3);
        });
        Assert.True(run.Event("bench_embed_done").GetProperty("decoding_milliseconds").GetDouble() > 0);
    }

    [Theory]
    [InlineData("--batch", "0", "--batch is a list of numbers from 1 to 1024, with commas between them, not '0'.")]
    [InlineData("--precision", "fp8", "--precision is a list of fp32, tf32, bf16 and fp16, with commas between them, not 'fp8'.")]
    public async Task Bench_embed_refuses_other_lists(string option, string value, string sentence)
    {
        KoalaRun run = await KoalaProcess.RunAsync(_folder.Path, "bench-embed", option, value);
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains(sentence, run.Errors, StringComparison.Ordinal);
    }

    private void Write(string version) => File.WriteAllText(_folder["venv/torch/version.py"], $"__version__ = '{version}'\n");

    private Task<KoalaRun> LabBatchAsync(string output, Dictionary<string, string> environment) =>
        KoalaProcess.RunAsync(_folder.Path, environment, "lab-batch", "resized", output, "-c", "random:0");

    private async Task<string> TorchLineAsync()
    {
        KoalaRun run = await KoalaProcess.RunAsync(_folder.Path, "doctor", "--libtorch", Libraries);
        return run.Output.Split('\n').Single(line => line.Contains(" torch ", StringComparison.Ordinal));
    }
}
